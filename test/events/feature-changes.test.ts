import { describe, expect, test } from 'vitest'
import { createAnnouncer } from '../../exporter/events/announcer.ts'
import type { Feature } from '../../exporter/model.ts'
import { announced, feature, names, pool, server, snapshot, start } from './readings.ts'

describe('exhaustion', () => {
  const out = (seats: number, over: Partial<Feature> = {}) =>
    snapshot({
      features: [feature({ used: seats, ...over })],
      checkouts: Array.from({ length: seats }, () => ({
        vendor: 'adskflex',
        feature: 'ACAD',
        seats: 1,
        state: 'active' as const,
      })),
    })

  test('a full feature is announced at the second reading in a row', () => {
    const told = announced([out(9), out(10), out(10), out(10)])
    expect(names(told)).toEqual([[], [], ['license_feature.exhausted'], []])
    expect(told[2]?.[0]).toMatchObject({
      attributes: {
        server: 'cad',
        vendor: 'adskflex',
        feature: 'ACAD',
        seats_issued: 10,
        seats_used: 10,
      },
    })
  })

  test('one full reading between two others is nothing', () => {
    expect(names(announced([out(9), out(10), out(9), out(10), out(9)])).flat()).toEqual([])
  })

  test('a feature is available after five minutes below, not before', () => {
    const told = announced([out(1), out(10), out(10), ...Array.from({ length: 7 }, () => out(9))])
    expect(names(told).map(one => one.length)).toEqual([0, 0, 1, 0, 0, 0, 0, 0, 1, 0])
    expect(told[8]?.[0]?.event).toBe('license_feature.available')
  })

  test('a full reading starts the five minutes anew', () => {
    const told = announced([
      out(1),
      out(10),
      out(10),
      out(9),
      out(9),
      out(9),
      out(10),
      out(9),
      out(9),
      out(9),
      out(9),
    ])
    expect(names(told).flat()).toEqual(['license_feature.exhausted'])
  })

  test('a feature that is full at first is the baseline', () => {
    expect(names(announced([out(10), out(10), out(10)])).flat()).toEqual([])
  })

  test('a feature of one seat is never exhausted', () => {
    expect(
      names(
        announced([out(0, { issued: 1 }), out(1, { issued: 1 }), out(1, { issued: 1 })]),
      ).flat(),
    ).toEqual([])
  })

  test('idle reservations leave fewer seats', () => {
    const reserved = { used: 10, reservations: [{ kind: 'GROUP', name: 'g', seats: 2 }] }
    expect(names(announced([out(7, reserved), out(8, reserved), out(8, reserved)])).flat()).toEqual(
      ['license_feature.exhausted'],
    )
  })

  test('without checkout lines reservations are part of what is in use', () => {
    const lines = (used: number) =>
      snapshot({
        features: [feature({ used, reservations: [{ kind: 'GROUP', name: 'g', seats: 4 }] })],
      })
    expect(names(announced([lines(6), lines(8), lines(8)])).flat()).toEqual([])
    expect(names(announced([lines(6), lines(10), lines(10)])).flat()).toEqual([
      'license_feature.exhausted',
    ])
  })

  test('a queue is no use', () => {
    const queued = snapshot({
      features: [feature({ used: 5 })],
      checkouts: [
        { vendor: 'adskflex', feature: 'ACAD', seats: 5, state: 'active' },
        { vendor: 'adskflex', feature: 'ACAD', seats: 5, state: 'queued' },
      ],
    })
    expect(names(announced([queued, queued, queued])).flat()).toEqual([])
  })

  test('where use is told by pool every unexpired pool has to be full', () => {
    const facts = { ...server, usedByPool: true }
    const pools = (a: number, b: number, expired = 0) =>
      snapshot({
        pools: [
          pool('a', 400, { seats: 5, used: a }),
          pool('b', 400, { seats: 5, used: b }),
          pool('c', -1, { seats: 5, used: expired }),
        ],
      })
    expect(names(announced([pools(1, 1), pools(5, 4), pools(5, 4)], { facts })).flat()).toEqual([
      'license_pool.baseline',
    ])
    expect(names(announced([pools(1, 1), pools(5, 5), pools(5, 5)], { facts })).flat()).toEqual([
      'license_pool.baseline',
      'license_feature.exhausted',
    ])
  })

  test('a reading whose daemon is down says nothing of its features', () => {
    const dead = (seats: number) => ({
      ...out(seats),
      daemons: [{ vendor: 'adskflex', up: false }],
    })
    expect(names(announced([out(1), dead(10), dead(10), dead(0)]))).toEqual([
      [],
      ['license_server.vendor_daemon_down'],
      [],
      [],
    ])
  })
})

describe('seats', () => {
  test('fewer seats are a warning, more are information', () => {
    const seats = (issued: number) => snapshot({ features: [feature({ issued })] })
    const told = announced([seats(10), seats(8), seats(8), seats(12), seats(0)]).flat()
    expect(told.map(({ level, attributes }) => [level, attributes])).toMatchObject([
      ['WARN', { before: 10, after: 8 }],
      ['INFO', { before: 8, after: 12 }],
      ['WARN', { before: 12, after: 0 }],
    ])
  })

  test('seats that are not told are no change', () => {
    const { issued: _, ...untold } = feature()
    expect(
      names(announced([snapshot(), snapshot({ features: [untold] }), snapshot()])).flat(),
    ).toEqual([])
  })
})

describe('pools', () => {
  test('the first reading tells all pools in one event', () => {
    const told = announced([
      snapshot({
        pools: [pool('a', 400), pool('b', 50), pool('c', 20), pool('d', 3), pool('e', -1)],
      }),
    ])
    expect(told[0]).toMatchObject([
      {
        event: 'license_pool.baseline',
        attributes: { pools: 5, expired: 1, expiring_60d: 1, expiring_30d: 1, expiring_7d: 1 },
      },
    ])
  })

  test('each threshold is announced once, at the day it is passed', () => {
    const one = snapshot({ pools: [pool('a', 61)] })
    const told = announced(
      Array.from({ length: 63 }, () => one),
      { minutes: 1440 },
    )
    const events = names(told).flatMap((events, index) => events.map(event => [index, event]))
    expect(events).toEqual([
      [0, 'license_pool.baseline'],
      [2, 'license_pool.expiring_60d'],
      [32, 'license_pool.expiring_30d'],
      [55, 'license_pool.expiring_7d'],
      [61, 'license_pool.expired'],
    ])
  })

  test('a license loaded with five days left announces the most urgent threshold only', () => {
    const told = announced([
      snapshot({ pools: [pool('a', 400)] }),
      snapshot({ pools: [pool('a', 400), pool('b', 5)] }),
    ])
    expect(names(told)[1]).toEqual(['license_pool.expiring_7d'])
  })

  test('thresholds survive a restart', () => {
    const near = snapshot({ pools: [pool('a', 20)] })
    const { saved } = announced([snapshot({ pools: [pool('a', 400)] }), near])
    expect(names(announced([near], { saved }))).toEqual([[]])
  })

  test('a permanent pool never expires', () => {
    const { expiresAt: _, ...forever } = pool('a', 0)
    const told = announced([snapshot({ pools: [{ ...forever, permanent: true }] })])
    expect(told[0]?.[0]).toMatchObject({ attributes: { pools: 1, expired: 0 } })
  })

  test('the baseline carries every pool that is near its end', () => {
    const announcer = createAnnouncer()
    const at = new Date(start)
    const reading = {
      server: 'cad',
      manager: 'flexlm',
      at,
      seconds: 1,
      snapshot: snapshot({ pools: [pool('a', 400), pool('d', 3)] }),
    }
    const [baseline] = announcer.reading(server, reading, at)
    expect(Object.keys(baseline?.subjects ?? {})).toEqual(['pools\nadskflex', 'pool\nd'])
  })
})
