import { describe, expect, test } from 'vitest'
import { featureRows, serverRows } from '../../src/Servers/serverRows.ts'
import { months, poolRows } from '../../src/Renewals/poolRows.ts'
import { checkoutRows } from '../../src/Checkouts/checkoutRows.ts'
import { copyText, searcher, sorted } from '../../src/shared/tableRows.ts'
import { cad, pro, row, rowsOf } from './rows.ts'

const columns = [
  { id: 'name', title: 'Name', value: (item: { name: string; n?: number }) => item.name },
  { id: 'n', title: 'N', value: (item: { name: string; n?: number }) => item.n },
]
const items = [{ name: 'b10', n: 2 }, { name: 'b9' }, { name: 'A', n: 10 }]

describe('a table', () => {
  test('finds every word in any column, without case', () => {
    const search = searcher(items, columns)
    expect(search('B 2')).toEqual([items[0]])
    expect(search('b b9')).toEqual([items[1]])
    expect(search('  ')).toBe(items)
    expect(search('(')).toEqual([])
  })

  test('puts what is unknown last, whichever way it is sorted', () => {
    const names = (descending: boolean) =>
      sorted(items, columns, { column: 'n', descending }).map(one => one.name)
    expect(names(false)).toEqual(['b10', 'A', 'b9'])
    expect(names(true)).toEqual(['A', 'b10', 'b9'])
  })

  test('sorts numbers in names as people do', () => {
    expect(
      sorted(items, columns, { column: 'name', descending: false }).map(one => one.name)
    ).toEqual(['A', 'b9', 'b10'])
  })

  test('copies no cell that a spreadsheet takes for a formula', () => {
    expect(copyText([{ name: '=HYPERLINK("x")\tq', n: -1 }], columns)).toBe(
      'Name\tN\n\'=HYPERLINK("x") q\t-1'
    )
  })
})

test('a server that was never read is not down', () => {
  const [one] = serverRows(
    rowsOf({
      collectSuccess: [row(0, cad)],
      serverProblem: [row(1, { ...cad, reason: 'tool_missing' })],
    })
  )
  expect(one).toMatchObject({
    tone: 'warning',
    state: "not read: the vendor's command is not installed beside the exporter",
  })
  const [down] = serverRows(
    rowsOf({
      collectSuccess: [row(1, cad)],
      serverUp: [row(0, cad)],
      serverProblem: [row(1, { ...cad, reason: 'quorum' })],
    })
  )
  expect(down).toMatchObject({
    tone: 'critical',
    state: 'down: too few of its three machines are up',
  })
})

test('an uncounted feature has no share, and a feature of no seats does not divide by zero', () => {
  const rows = rowsOf({
    featureIssued: [row(0, { ...pro, product: 'P', counting: 'counted' })],
    featureUncounted: [row(1, { ...pro, feature: 'u', product: 'u', counting: 'uncounted' })],
    used: [row(0, pro), row(3, { ...pro, feature: 'u' })],
  })
  const [counted, uncounted] = featureRows(rows)
  expect(counted).toMatchObject({ issued: 0, used: 0, counted: true })
  expect(counted).not.toHaveProperty('share')
  expect(uncounted).toMatchObject({ used: 3, counted: false })
  expect(uncounted).not.toHaveProperty('issued')
})

describe('renewals', () => {
  const pool = { ...pro, pool: 'a', version: '1', permanent: 'false' }
  const rows = (more = {}) =>
    poolRows(
      rowsOf({
        poolEnds: [row(10 * 86_400, pool)],
        poolSeats: [row(4, pool)],
        issued: [row(10, pro)],
        weekPeak: [row(7, pro)],
        ...more,
      })
    )

  test('say what stays against the peak of the week', () => {
    expect(rows()[0]).toMatchObject({
      tone: 'warning',
      cover: "6 seats stay, too few for the week's peak of 7",
    })
    expect(rows({ weekPeak: [row(6, pro)] })[0]!.cover).toBe(
      "6 seats stay, enough for the week's peak of 6"
    )
  })

  test('say what is installed and not served', () => {
    expect(rows({ installed: [row(14, pro)] })[0]!.cover).toContain('14 seats installed, 10 served')
  })

  test('a line that ended takes nothing more away', () => {
    expect(rows({ poolEnds: [row(-1, pool)] })[0]).toMatchObject({
      tone: 'critical',
      cover: "10 seats stay, enough for the week's peak of 7",
    })
  })

  test('a permanent line does not end', () => {
    const [one] = poolRows(
      rowsOf({ poolEndless: [row(1, { ...pool, permanent: 'true' })], issued: [row(10, pro)] })
    )
    expect(one).toMatchObject({ permanent: true, cover: 'does not end' })
  })

  test('the calendar counts what ends in each month, over the turn of the year', () => {
    const list = months(
      rows({ poolEnds: [row(45 * 86_400, pool)] }),
      new Date('2026-11-22T00:00:00Z')
    )
    expect(list).toHaveLength(12)
    expect(list.find(month => month.month === '2027-01')).toMatchObject({
      lines: 1,
      seats: 4,
      tone: 'info',
    })
    expect(list.reduce((sum, month) => sum + month.lines, 0)).toBe(1)
  })
})

test('how long a seat is held is told by the clock of the exporter, never below zero', () => {
  const item = {
    server: 'cad',
    manager: 'flexlm',
    vendor: 'd',
    feature: 'f',
    seats: 1,
    state: 'active' as const,
  }
  const now = new Date('2026-11-22T12:00:00Z')
  const [held, future, unknown] = checkoutRows(
    'x',
    [
      { ...item, started_at: '2026-11-22T11:00:00Z' },
      { ...item, started_at: '2026-11-22T13:00:00Z' },
      item,
    ],
    now
  )
  expect(held!.held).toBe(3600)
  expect(future!.held).toBe(0)
  expect(unknown).not.toHaveProperty('held')
})
