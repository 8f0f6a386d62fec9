import { expect, test } from 'vitest'
import { attention } from '../../src/Overview/attention.ts'
import { cad, pro, row, rowsOf } from './rows.ts'

const day = 86_400

test('nothing is found where nothing is wrong', () => {
  const rows = rowsOf({
    ownState: [row(1, { instance: 'a', state: 'valid' })],
    ownLeft: [row(200 * day, { instance: 'a' })],
    serverUp: [row(1, cad)],
    collectSuccess: [row(1, cad)],
  })
  expect(attention(rows)).toEqual([])
})

test('the license in grace stands before a server that is down, and that before what expires', () => {
  const found = attention(
    rowsOf({
      ownState: [row(1, { instance: 'a', state: 'grace' })],
      ownLeft: [row(5 * 3600, { instance: 'a' })],
      serverUp: [row(0, cad)],
      serverProblem: [row(1, { ...cad, reason: 'connect' })],
      collectSuccess: [row(1, cad)],
      poolLeft: [row(12 * day, { ...pro, pool: 'x' })],
    })
  )
  expect(found.map(one => [one.urgency, one.what, one.detail])).toEqual([
    ['critical', 'The IOSetu license is in its grace period', '5 hours of grace left'],
    ['critical', 'License server cad is down', 'the connection is refused'],
    ['info', 'Seats of drafty_pro expire', 'in 12 days, on cad'],
  ])
})

test('a server whose tool is missing is not said to be down', () => {
  const [one] = attention(
    rowsOf({
      serverProblem: [row(1, { ...cad, reason: 'tool_missing' })],
      collectSuccess: [row(0, cad)],
    })
  )
  expect(one).toMatchObject({ urgency: 'warning', what: 'License server cad cannot be read' })
})

test('a timeout is our failure to read, not a server that is down', () => {
  const [one] = attention(
    rowsOf({
      serverUp: [row(0, cad)],
      serverProblem: [row(1, { ...cad, reason: 'timeout' })],
      collectSuccess: [row(0, cad)],
    })
  )
  expect(one).toMatchObject({ what: 'License server cad cannot be read' })
})

test('machines of a server that is down are no second line', () => {
  const down = rowsOf({ serverUp: [row(0, cad)], memberUp: [row(0, { ...cad, member: 'a' })] })
  expect(attention(down)).toEqual([])
  const up = rowsOf({ serverUp: [row(1, cad)], memberUp: [row(0, { ...cad, member: 'a' })] })
  expect(attention(up).map(one => one.what)).toEqual(['Machine a is down'])
})

test('a full feature is a warning once somebody was refused', () => {
  const full = { full: [row(8, pro)] }
  expect(attention(rowsOf(full))[0]).toMatchObject({ urgency: 'info' })
  const [one, ...rest] = attention(rowsOf({ ...full, denials: [row(2.97, pro)] }))
  expect(one).toMatchObject({
    urgency: 'warning',
    detail: 'all 8 seats on cad are out, 3 requests refused in the last hour',
  })
  expect(rest).toEqual([])
})

test('seats that expired stand before seats that will', () => {
  const found = attention(
    rowsOf({
      poolLeft: [row(3 * day, { ...pro, pool: 'a' }), row(-2 * day, { ...pro, pool: 'b' })],
    })
  )
  expect(found.map(one => [one.urgency, one.detail])).toEqual([
    ['critical', '2 days ago, on cad'],
    ['warning', 'in 3 days, on cad'],
  ])
})

test('every line leads somewhere inside Grafana', () => {
  const found = attention(
    rowsOf({
      serverProblem: [row(1, { server: 'a/b', manager: 'rlm', reason: 'connect' })],
      full: [row(2, pro)],
      denials: [row(1, { ...pro, feature: 'other' })],
      notServed: [row(4, pro)],
    })
  )
  for (const one of found)
    expect(one.href).toMatch(/^\/(a\/iosetu-license-app|d\/iosetu-license-[a-z]+-app)\b/)
  expect(found.some(one => one.href.endsWith('/servers/server/a~2Fb'))).toBe(true)
})
