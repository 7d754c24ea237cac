// Settings of the command that writes the history of the counters.
import { duration, one, oneOf, trueOrFalse } from './setting-values.js'
import type { Setting } from './setting.js'

/** A date in the time zone of the configuration, or milliseconds since the epoch. */
export type Moment = { readonly date: string } | { readonly ms: number }

const only = ['backfill'] as const

export const backfillSettings = {
  backfillFrom: {
    name: 'from',
    value: 'TIME',
    help: 'start time; a date such as 2026-11-22, a time such as 2026-11-22T09:30:00Z, or seconds since 1970',
    defaultHelp: 'the first usage',
    only,
    parse: one(moment),
  },
  backfillTo: {
    name: 'to',
    value: 'TIME',
    help: 'end time; a date includes that day',
    defaultHelp: 'now',
    only,
    parse: one(moment),
  },
  /** 1,000…3,600,000, whole seconds. */
  backfillStepMs: {
    name: 'step',
    value: 'DURATION',
    help: 'interval between the values of a series; 1s to 1h; more than 5m leaves gaps in graphs',
    default: '5m',
    only,
    parse: one((text) => wholeSeconds(duration(text, 1_000, 3_600_000))),
  },
  backfillJob: {
    name: 'job',
    value: 'NAME',
    help: 'value of the label job, as your scrape configuration sets it',
    default: 'agent-usage',
    only,
    parse: one((text) => text),
  },
  backfillInstance: {
    name: 'instance',
    value: 'NAME',
    help: 'value of the label instance, as your scrape configuration sets it',
    default: '127.0.0.1:9853',
    only,
    parse: one((text) => text),
  },
  backfillFormat: {
    name: 'format',
    value: 'FORMAT',
    help: 'openmetrics, for promtool, or victoriametrics',
    default: 'openmetrics',
    only,
    parse: oneOf('openmetrics', 'victoriametrics'),
  },
  backfillPush: {
    name: 'push',
    value: 'true|false',
    help: 'send the values to --otlp.endpoint instead of writing files',
    default: 'false',
    standsAlone: true,
    only,
    parse: one(trueOrFalse),
  },
} satisfies Record<string, Setting<unknown>>

function moment(text: string): Moment {
  if (isDate(text)) return { date: text }
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(text)
  const ms = /^\d{9,10}(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : isTime ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms))
    throw new Error(
      'expected a date such as 2026-11-22, a time with its zone such as 2026-11-22T09:30:00Z, or seconds since 1970',
    )
  return { ms }
}

/** Whether a text is an existing day in the form 2026-11-22. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const ms = Date.parse(`${text}T00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text)
}

function wholeSeconds(ms: number): number {
  if (ms % 1000 !== 0) throw new Error('expected whole seconds')
  return ms
}
