// The committed dashboards, and the part of their JSON that the tests check.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The folder `grafana/`, ending in a slash. */
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
  /** Minimum interval between two points of a graph. */
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
      /** Missing for a variable of ad hoc filters. */
      readonly query?: string
      readonly regex?: string
      /** 2: the variable is hidden. */
      readonly hide?: number
      readonly multi?: boolean
      readonly includeAll?: boolean
      /** Only for variables with fixed options. */
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

/** All panels, including rows and the panels of collapsed rows. */
export function panelsOf(board: Board): Panel[] {
  return board.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])])
}
