// Timestamps as logs write them, and texts that are none.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTimestamp } from '../../src/sources/timestamp.js'

describe('parseTimestamp', () => {
  it('reads what Date.toISOString writes, for the years 0 to 9999', () => {
    const times = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(times, (time) => {
        expect(parseTimestamp(time.toISOString())).toBe(time.getTime())
      }),
      { numRuns: 5_000 },
    )
  })

  it.each([
    ['2026-11-01T10:00:00.000Z', '2026-11-01T10:00:00.000Z'],
    ['2026-11-01T10:00:00Z', '2026-11-01T10:00:00.000Z'],
    [' 2026-11-01t10:00:00z ', '2026-11-01T10:00:00.000Z'],
    ['2026-11-01 10:00:00', '2026-11-01T10:00:00.000Z'],
    ['2026-11-01T10:00:00', '2026-11-01T10:00:00.000Z'],
    ['2026-11-01T10:00:00.5Z', '2026-11-01T10:00:00.500Z'],
    ['2026-11-01T10:00:00.123999Z', '2026-11-01T10:00:00.123Z'],
    ['2026-11-01T10:00:00+05:45', '2026-11-01T04:15:00.000Z'],
    ['2026-11-01T10:00:00-0330', '2026-11-01T13:30:00.000Z'],
    ['2026-11-01T23:59:60Z', '2026-11-02T00:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0099-06-01T00:00:00Z', '0099-06-01T00:00:00.000Z'],
    ['1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999Z'],
  ])('reads "%s"', (text, iso) => {
    expect(new Date(parseTimestamp(text)).toISOString()).toBe(iso)
  })

  it.each([
    '',
    'yesterday',
    '2026-11-01',
    '10:00:00',
    '2026-11-01T10:00Z',
    '2026-13-01T10:00:00Z',
    '2026-00-01T10:00:00Z',
    '2026-02-29T10:00:00Z',
    '2026-04-31T10:00:00Z',
    '2026-11-00T10:00:00Z',
    '2026-11-01T24:00:00Z',
    '2026-11-01T10:60:00Z',
    '2026-11-01T10:00:61Z',
    '2026-11-01T10:00:00.Z',
    '2026-11-01T10:00:00+5:45',
    '+2026-11-01T10:00:00Z',
    '２026-11-01T10:00:00Z',
    1_793_527_200_000,
    null,
    undefined,
    {},
    ['2026-11-01T10:00:00Z'],
  ])('rejects %j', (value) => {
    expect(parseTimestamp(value)).toBeNaN()
  })
})
