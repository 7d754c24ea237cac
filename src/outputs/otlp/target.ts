// Where to push, and as whom: what the settings come down to.

export interface PushTarget {
  /** Of the metrics: with its path. */
  readonly url: string
  readonly intervalMs: number
  /** For one push, its retries included. */
  readonly timeoutMs: number
  readonly gzip: boolean
  /** Lower case names. Those of the file go before them. */
  readonly headers: Readonly<Record<string, string>>
  readonly headersFile?: string | undefined
  /** PEM. */
  readonly caFile?: string | undefined
  readonly certFile?: string | undefined
  readonly keyFile?: string | undefined
}
