import { expect, test } from 'vitest'
import { newTally, tallyLogEntry, tallyReading } from '../../exporter/collect/tally.ts'
import { ExporterError } from '../../exporter/errors.ts'
import type { LogEntry, Snapshot } from '../../exporter/model.ts'
import { type FeatureTally, featureKey, type Reading, type Tally } from '../../exporter/state.ts'

function reading(...features: string[]): Reading {
  const snapshot: Snapshot = {
    status: { up: true },
    members: [],
    daemons: [],
    features: features.map(name => ({
      vendor: 'Acme',
      name,
      counting: 'counted',
      reservations: [],
      problems: [],
    })),
    pools: [],
    checkouts: [],
    unparsed: [],
  }
  return { server: 'cad', manager: 'acme', at: new Date(0), seconds: 0, snapshot }
}

const subject = { at: 0, vendor: 'acme', feature: 'draw' }
const denial: LogEntry = { ...subject, kind: 'denial', reason: 'no_seats' }
const checkout: LogEntry = { ...subject, kind: 'checkout', seats: 3 }

function draw(tally: Tally): FeatureTally | undefined {
  return tally.features.get(featureKey('acme', 'draw'))
}

function denials(tally: Tally): number | undefined {
  return draw(tally)?.denials.get('no_seats')
}

test('a feature of a server with logs has its counters at 0 from its first reading', () => {
  const tally = newTally([])
  tallyReading(tally, reading('draw'), true)
  expect(draw(tally)).toMatchObject({ checkouts: 0, checkins: 0, checkoutSeats: 0 })
  expect([...draw(tally)!.denials]).toEqual([['no_seats', 0]])
})

test('a server without logs has no counters by feature', () => {
  const tally = newTally([])
  tallyReading(tally, reading('draw'), false)
  expect(tally.features.size).toBe(0)
})

test('a counter is 0 in the reading it is born in and counts from the next', () => {
  const tally = newTally([])
  tallyReading(tally, reading('draw'), true)
  tallyLogEntry(tally, denial)
  tallyLogEntry(tally, checkout)
  expect(denials(tally)).toBe(0)
  expect(draw(tally)?.checkoutSeats).toBe(0)
  tallyReading(tally, reading('draw'), true)
  expect(denials(tally)).toBe(1)
  expect(draw(tally)).toMatchObject({ checkouts: 1, checkoutSeats: 3 })
  tallyLogEntry(tally, denial)
  tallyLogEntry(tally, checkout)
  expect(denials(tally)).toBe(2)
  expect(draw(tally)).toMatchObject({ checkouts: 2, checkoutSeats: 6 })
  expect(draw(tally)?.held).toBeUndefined()
})

test('a feature that only a log knows is 0 for a whole interval, and nothing of it is lost', () => {
  const tally = newTally([])
  tallyReading(tally, reading(), true)
  for (let i = 0; i < 5; i++) tallyLogEntry(tally, denial)
  expect(denials(tally)).toBe(0)
  tallyReading(tally, reading(), true)
  expect(denials(tally)).toBe(0)
  tallyLogEntry(tally, denial)
  tallyReading(tally, reading(), true)
  expect(denials(tally)).toBe(6)
})

test('a reason that is new to a known feature is born at 0 too, and the others count on', () => {
  const tally = newTally([])
  tallyReading(tally, reading('draw'), true)
  tallyReading(tally, reading('draw'), true)
  tallyLogEntry(tally, { ...denial, reason: 'limit' })
  tallyLogEntry(tally, denial)
  expect([...draw(tally)!.denials]).toEqual([
    ['no_seats', 1],
    ['limit', 0],
  ])
  tallyReading(tally, reading('draw'), true)
  tallyReading(tally, reading('draw'), true)
  expect(draw(tally)?.denials.get('limit')).toBe(1)
})

test('failed readings release what was held as good ones do', () => {
  const tally = newTally([])
  tallyLogEntry(tally, denial)
  const error = new ExporterError('timeout', 'late')
  const failed: Reading = { server: 'cad', manager: 'acme', at: new Date(0), seconds: 0, error }
  tallyReading(tally, failed, true)
  tallyReading(tally, failed, true)
  expect(denials(tally)).toBe(1)
  expect(tally.errors.get('timeout')).toBe(2)
})

test("a daemon's name is one name in any case", () => {
  const tally = newTally([])
  tallyReading(tally, reading('draw'), true)
  tallyLogEntry(tally, { ...denial, vendor: 'ACME' })
  expect(tally.features.size).toBe(1)
})

test("sesinetd's peaks and the vendor's own totals are taken as they are", () => {
  const tally = newTally([])
  const peak = { kind: 'peak', at: 0, vendor: 'sidefx', group: 'Houdini-Master', used: 2 } as const
  tallyLogEntry(tally, { ...peak, peak: 7 })
  tallyLogEntry(tally, { ...peak, peak: 4, others: [{ group: 'Render', used: 0, peak: 9 }] })
  tallyLogEntry(tally, { kind: 'refused_total', at: 0, vendor: 'sidefx', total: 9 })
  tallyLogEntry(tally, { kind: 'refused_total', at: 0, vendor: 'sidefx', total: 2 })
  expect(tally.peaks.get('Houdini-Master')).toBe(4)
  expect(tally.peaks.get('Render')).toBe(9)
  expect(tally.refused.get('sidefx')).toBe(2)
})
