// The condition after the last full pass: which agents have logs, and what is wrong with them.
import { expect, it } from 'vitest'
import { createCondition } from '../../src/app/condition.js'
import { State } from '../../src/core/state.js'
import type { PassReport } from '../../src/ingest/pass-report.js'
import type { Root } from '../../src/ingest/roots.js'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'
import type { Source } from '../../src/sources/source.js'

const other: Source = { ...claudeCode, agent: 'other' }
const root = (source: Source, path: string): Root => ({ source, named: false, wanted: path, path })
const gone = (source: Source, named: boolean): Root => ({ source, named, wanted: '/gone', path: undefined })
const conditionNow = () => createCondition({ state: new State(), stored: () => true, liveConfig: { valid: true } })
const report = (...roots: readonly Root[]): PassReport => ({
  ...{ full: true, roots, files: 0, unchanged: 0, oldestMtimeMs: undefined, bytes: 0, milliseconds: 0, workers: 0 },
  ...{ aborted: false, unread: { places: new Map(), files: new Map() }, outside: new Map() },
})

it('keeps an agent whose logs disappeared, and omits one that never had any', () => {
  const condition = conditionNow()
  expect([...condition.agents()]).toEqual([])
  condition.passed(report(root(claudeCode, '/a')))
  expect([...condition.agents()]).toEqual(['claude-code'])
  condition.passed(report(root(claudeCode, '/a'), root(other, '/b')))
  condition.passed(report(root(claudeCode, '/a')))
  expect([...condition.agents()]).toEqual(['claude-code', 'other'])
})

it('reports which agents have counted responses', () => {
  const state = new State()
  const condition = createCondition({ state, stored: () => true, liveConfig: { valid: true } })
  const answers = (): boolean[] => ['claude-code', 'other'].map(condition.counted)
  expect(answers()).toEqual([false, false])
  state.totals.series.add({ agent: 'other', project: 'p', model: 'm' })
  expect(answers()).toEqual([false, true])
})

it('includes a missing agent if it was named, not if only its default directories are missing', () => {
  const condition = conditionNow()
  condition.passed(report(gone(claudeCode, false), gone(other, true)))
  expect([...condition.agents()]).toEqual(['other'])
  condition.passed(report(root(claudeCode, '/a'), gone(claudeCode, false), gone(other, true)))
  expect([...condition.agents()]).toEqual(['other', 'claude-code'])
})
