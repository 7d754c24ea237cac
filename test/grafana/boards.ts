// The boards as they are committed, and what of their JSON the tests look at.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The folder of everything for Grafana and Prometheus. */
export const grafanaFolder = fileURLToPath(new URL('../../grafana/', import.meta.url))

export interface Target {
  readonly refId: string
  readonly expr: string
  readonly instant?: boolean
  readonly range?: boolean
  readonly datasource: { readonly type: string; readonly uid: string }
}

export interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly datasource?: { readonly type: string; readonly uid: string }
  readonly targets?: readonly Target[]
  /** Between two points of a graph, at least. */
  readonly interval?: string
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string; readonly noValue?: string }
    readonly overrides: readonly {
      readonly matcher: { readonly options: string }
      readonly properties: readonly { readonly id: string; readonly value: unknown }[]
    }[]
  }
  readonly transformations?: readonly {
    readonly id: string
    readonly options: { readonly renameByName?: Readonly<Record<string, string>> }
  }[]
  readonly collapsed?: boolean
  readonly panels?: readonly Panel[]
}

export interface Board {
  readonly title: string
  readonly description: string
  readonly uid?: string
  readonly tags: readonly string[]
  readonly schemaVersion: number
  readonly links: readonly { readonly type: string; readonly tags: readonly string[]; readonly url?: string }[]
  readonly annotations: {
    readonly list: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[]
  }
  readonly templating: {
    readonly list: readonly {
      readonly name: string
      readonly type: string
      /** Of a variable that filters any label, none. */
      readonly query?: string
      readonly regex?: string
      /** 2: the reader does not see it. */
      readonly hide?: number
      readonly multi?: boolean
      readonly includeAll?: boolean
      /** Of a choice among words of ours. */
      readonly options?: readonly { readonly value: string }[]
    }[]
  }
  readonly panels: readonly Panel[]
}

export const boardNames = ['spend', 'exporter'] as const

export function boardText(name: (typeof boardNames)[number]): string {
  return readFileSync(`${grafanaFolder}dashboards/${name}.json`, 'utf8')
}

export function readBoard(name: (typeof boardNames)[number]): Board {
  return JSON.parse(boardText(name)) as Board
}

/** All panels, those of closed rows included; rows too. */
export function panelsOf(board: Board): Panel[] {
  return board.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])])
}
