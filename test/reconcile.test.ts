import { describe, expect, test } from 'vitest'
import type { Checkout, Feature, Snapshot } from '../exporter/model.ts'
import { unreconciled } from '../exporter/reconcile.ts'

const feature = (name: string, used: number | undefined, more: Partial<Feature> = {}): Feature => ({
  vendor: 'acme',
  name,
  counting: 'counted',
  issued: 10,
  ...(used === undefined ? {} : { used }),
  reservations: [],
  problems: [],
  ...more,
})

const checkout = (name: string, seats = 1, more: Partial<Checkout> = {}): Checkout => ({
  vendor: 'acme',
  feature: name,
  seats,
  state: 'active',
  ...more,
})

const snapshot = (features: Feature[], checkouts: Checkout[], unparsed = 0): Snapshot => ({
  status: { up: true },
  members: [],
  daemons: [],
  features,
  pools: [],
  checkouts,
  unparsed: Array.from({ length: unparsed }, () => ({ section: 'checkouts', line: '?' })),
})

describe('reconciliation of a heading with its lines', () => {
  test('checkouts and idle reservations together are what is in use', () => {
    const reservations = [{ kind: 'GROUP', name: 'cad', seats: 4 }]
    const one = snapshot([feature('solid', 6, { reservations })], [checkout('solid', 2)])
    expect(unreconciled(one)).toEqual([])
  })

  test('a borrowed seat counts, a queued request does not', () => {
    const lines = [
      checkout('solid', 1, { state: 'borrowed' }),
      checkout('solid', 3, { state: 'queued' }),
    ]
    expect(unreconciled(snapshot([feature('solid', 1)], lines))).toEqual([])
  })

  test('a heading that exceeds its lines is told with both figures', () => {
    expect(unreconciled(snapshot([feature('solid', 20)], [checkout('solid', 7)]))).toEqual([
      { vendor: 'acme', feature: 'solid', used: 20, listed: 7 },
    ])
  })

  test('a heading below its lines is told as well', () => {
    expect(unreconciled(snapshot([feature('solid', 0)], [checkout('solid')]))).toHaveLength(1)
  })

  test('daemon names are compared without case', () => {
    const line = checkout('solid', 1, { vendor: 'ACME' })
    expect(unreconciled(snapshot([feature('solid', 1)], [line]))).toEqual([])
  })

  test('uncounted features and features without a figure have nothing to compare', () => {
    const features = [feature('free', 1, { counting: 'uncounted' }), feature('dark', undefined)]
    expect(unreconciled(snapshot(features, [checkout('free', 5), checkout('dark')]))).toEqual([])
  })

  test('an answer without any line has nothing to compare, one whose lines were lost has', () => {
    expect(unreconciled(snapshot([feature('solid', 3)], []))).toEqual([])
    expect(unreconciled(snapshot([feature('solid', 3)], [], 3))).toHaveLength(1)
  })
})
