// The receiver of pushes, as derived from the settings.

export interface PushTarget {
  /** URL of the metrics, with its path. */
  readonly url: string
  readonly intervalMs: number
  /** Time for one push, including its retries. */
  readonly timeoutMs: number
  readonly gzip: boolean
  /** Lower-case names. Headers from the file take precedence. */
  readonly headers: Readonly<Record<string, string>>
  readonly headersFile?: string | undefined
  /** PEM. */
  readonly caFile?: string | undefined
  readonly certFile?: string | undefined
  readonly keyFile?: string | undefined
}
