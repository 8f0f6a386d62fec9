import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MetricName } from '../exporter/catalogue.ts'
import { collectErrorCodes } from '../exporter/errors.ts'
import { createFeatureMap } from '../exporter/feature-map.ts'
import { seriesLine } from '../exporter/metrics/encode.ts'
import { type SampleContext, samples, samplesOf } from '../exporter/metrics/samples.ts'
import { createNames } from '../exporter/privacy.ts'
import { featureKey, type ServerState } from '../exporter/state.ts'
import { answered, anyServerState, checkout, now, snapshot } from './server-state.ts'

const plain = createNames({ users: 'plain', hosts: 'plain' })
const context: SampleContext = { features: createFeatureMap([]), checkouts: undefined }
const withCheckouts = (max: number): SampleContext => ({
  ...context,
  checkouts: { names: plain, max },
})

function lines(server: ServerState, metric: MetricName, with_: SampleContext = context): string[] {
  return [...samplesOf(server, with_, now)]
    .filter(one => one.metric === metric)
    .map(one => seriesLine(one).trimEnd())
}

describe('every server at every moment', () => {
  test('shows no series twice, and counters from 0', () => {
    fc.assert(
      fc.property(anyServerState, fc.nat(6), (server, max) => {
        const seen = new Set<string>()
        for (const { metric, labels, value } of samplesOf(server, withCheckouts(max), now)) {
          const key = `${metric}${JSON.stringify(labels)}`
          expect(seen, key).not.toContain(key)
          seen.add(key)
          expect(Number.isFinite(value), key).toBe(true)
          if ('vendor' in labels) expect(labels.vendor).not.toBe('')
        }
        for (const reason of collectErrorCodes) {
          const labels = { server: 'cad', manager: server.manager, reason }
          expect(seen).toContain(`license_exporter_collect_errors_total${JSON.stringify(labels)}`)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('keeps its counters and drops its gauges when its reading is too old', () => {
    fc.assert(
      fc.property(anyServerState, server => {
        const later = new Date(now.getTime() + 4_000_000)
        const old = [...samplesOf(server, context, later)].map(({ metric }) => metric)
        expect(old.filter(name => /^license_(feature|pool).*(?<!_total)$/.test(name))).toEqual([])
        const before = [...samplesOf(server, context, now)]
        for (const { metric } of before.filter(({ metric }) => metric === 'license_server_up')) {
          expect(old).toContain(metric)
        }
        if (!server.hasLogs) return
        for (const { feature: name, vendor } of server.tally.features.values()) {
          const shown = [...samplesOf(server, context, later)].some(
            ({ metric, labels }) =>
              metric === 'license_feature_checkouts_total' &&
              featureKey(labels.vendor, labels.feature) === featureKey(vendor || 'unknown', name),
          )
          expect(shown).toBe(true)
        }
      }),
    )
  })
})

describe('single checkouts', () => {
  const answer = snapshot({
    checkouts: [
      checkout('draw', { user: 'ann', host: 'pc1', startedAt: 300 }),
      checkout('draw', { user: 'ann', host: 'pc1', startedAt: 200, seats: 2 }),
      checkout('draw', { user: 'bob', host: 'pc2', startedAt: 100 }),
      checkout('draw', { user: 'cy', host: 'pc3' }),
    ],
  })

  test('are off by default', () => {
    expect(lines(answered(answer), 'license_checkout_seats')).toEqual([])
  })

  test('share one series a label set, with the oldest start and the sum of seats', () => {
    const server = answered(answer)
    expect(lines(server, 'license_checkout_start_timestamp_seconds', withCheckouts(9))).toEqual([
      expect.stringMatching(/user="bob",host="pc2"} 100$/),
      expect.stringMatching(/user="ann",host="pc1"} 200$/),
    ])
    expect(lines(server, 'license_checkout_seats', withCheckouts(9))[1]).toMatch(/"pc1"} 3$/)
  })

  test('are cut at the cap, oldest first, and the cut is counted', () => {
    const server = answered(answer)
    expect(lines(server, 'license_checkout_seats', withCheckouts(1))).toEqual([
      expect.stringContaining('user="bob"'),
    ])
    expect(lines(server, 'license_exporter_checkouts_truncated', withCheckouts(1))[0]).toMatch(
      / 3$/,
    )
  })

  test('share one cap over all servers', () => {
    const servers = new Map(['a', 'b', 'c'].map(name => [name, { ...answered(answer), name }]))
    servers.set('d', { ...answered(snapshot({ checkouts: [checkout('draw')] })), name: 'd' })
    const count = (max: number) =>
      [...samples({ servers }, withCheckouts(max), now)].filter(
        ({ metric }) => metric === 'license_checkout_seats',
      ).length
    expect(count(4)).toBe(4)
    expect(count(9)).toBe(9)
    expect(count(100)).toBe(10)
  })

  test('name nobody whom the policy hides', () => {
    const names = createNames({ users: 'drop', hosts: 'hash', key: Buffer.from('key') })
    const shown = lines(answered(answer), 'license_checkout_seats', {
      ...context,
      checkouts: { names, max: 9 },
    })
    expect(shown.join('\n')).not.toMatch(/ann|bob|cy|pc/)
    expect(shown[0]).toMatch(/user="",host="[0-9a-f]{12}"/)
  })
})
