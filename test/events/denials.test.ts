import { expect, test } from 'vitest'
import { createDenials, type LogLine } from '../../exporter/events/denials.ts'

const server = { name: 'cad', manager: 'flexlm' }
const plain = { user: (name?: string) => name, host: (name?: string) => name }
const noon = Date.UTC(2026, 0, 5, 12) / 1000
const now = () => new Date(noon * 1000)
const later = new Date((noon + 600) * 1000)

function line(offset: number, at: number, user: string | undefined, feature = 'ACAD'): LogLine {
  return {
    entry: {
      kind: 'denial',
      at,
      vendor: 'adskflex',
      feature,
      reason: 'no_seats',
      code: '-4,342',
      ...(user !== undefined && { user, host: `pc-${user}` }),
    },
    path: '/var/log/a.log',
    fingerprint: 'f',
    offset,
    id: `id${offset}`,
  }
}

const offsets = (lines: readonly LogLine[]) => lines.map(({ offset }) => offset)

test('retries of one user for one feature within a minute are one event with a count', () => {
  const denials = createDenials(server, plain, now)
  for (const one of [line(0, noon, 'ann'), line(10, noon + 5, 'ann'), line(20, noon + 59, 'ann')])
    denials.add(one)
  expect(denials.take(now(), offsets)).toEqual([])
  denials.add(line(30, noon + 60, 'bob'))
  const [event, ...others] = denials.take(now(), offsets)
  expect(others).toEqual([])
  expect(event).toEqual({
    draft: {
      event: 'license_feature.denied',
      msg: 'Checkout was denied',
      attributes: {
        server: 'cad',
        manager: 'flexlm',
        vendor: 'adskflex',
        feature: 'ACAD',
        user: 'ann',
        host: 'pc-ann',
        reason: 'no_seats',
        count: 3,
        window_seconds: 60,
      },
    },
    carried: {
      id: 'id0',
      at: new Date((noon + 60) * 1000),
      origin: { server: 'cad', path: '/var/log/a.log', fingerprint: 'f', offset: 0, resume: [30] },
    },
  })
})

test('users and features are apart, vendors without case are one', () => {
  const denials = createDenials(server, plain, now)
  denials.add(line(0, noon, 'ann'))
  denials.add(line(10, noon, 'bob'))
  denials.add(line(20, noon, 'ann', 'MAYA'))
  const shouted = line(30, noon, 'ann')
  if ('vendor' in shouted.entry) shouted.entry = { ...shouted.entry, vendor: 'ADSKFLEX' }
  denials.add(shouted)
  const events = denials.take(later, offsets)
  expect(events.map(({ draft }) => (draft.attributes as { count: number }).count)).toEqual([
    2, 1, 1,
  ])
})

test('a log that stands still ends its minute a minute later', () => {
  const denials = createDenials(server, plain, now)
  denials.add(line(0, noon, 'ann'))
  expect(denials.take(new Date((noon + 59) * 1000), offsets)).toEqual([])
  expect(denials.take(new Date((noon + 60) * 1000), offsets)).toHaveLength(1)
  expect(denials.take(later, offsets)).toEqual([])
})

test('only the last event of one writing moves resume beyond them all', () => {
  const denials = createDenials(server, plain, now)
  denials.add(line(50, noon, 'bob'))
  denials.add(line(100, noon + 1, 'ann'))
  denials.add(line(120, noon + 2, 'bob'))
  denials.add(line(200, noon + 61, 'cyd'))
  const events = denials.take(now(), offsets)
  expect(events.map(({ carried }) => carried.origin?.resume)).toEqual([[50], [200]])
})

test('a checkout lets time go on', () => {
  const denials = createDenials(server, plain, now)
  denials.add(line(0, noon, 'ann'))
  denials.add({
    ...line(10, noon + 90, 'ann'),
    entry: { kind: 'checkout', at: noon + 90, vendor: 'adskflex', feature: 'ACAD', seats: 1 },
  })
  expect(denials.take(now(), offsets)).toHaveLength(1)
  expect(denials.open()).toEqual([])
})

test('time that runs backward loses no denial', () => {
  const denials = createDenials(server, plain, now)
  for (const at of [noon, noon - 120, noon + 60, noon]) denials.add(line(at, at, 'ann'))
  const events = denials.take(later, offsets)
  expect(events.map(({ draft }) => (draft.attributes as { count: number }).count)).toEqual([
    1, 1, 1, 1,
  ])
})

test('dropped names are in no event, and two users still are two', () => {
  const denials = createDenials(server, { user: () => undefined, host: () => undefined }, now)
  denials.add(line(0, noon, 'José "Pepe" O\'Brien'))
  denials.add(line(10, noon, '"} 1\n'))
  const events = denials.take(later, offsets)
  expect(events).toHaveLength(2)
  expect(JSON.stringify(events)).not.toMatch(/José|Pepe|pc-|"} 1/)
})
