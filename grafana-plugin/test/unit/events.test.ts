import { expect, test } from 'vitest'
import { fromExporter } from '../../src/Events/eventRows.ts'
import type { ApiEvent } from '../../src/shared/api/types.ts'
import { number } from '../../src/shared/words.ts'

const event = (more: Record<string, unknown>): ApiEvent => ({
  timestamp: '2026-11-22T12:00:00.000Z',
  level: 'WARN',
  msg: 'something',
  event: 'license_server.down',
  id: '1',
  severity: 'warning',
  ...more,
})

test.each([
  [{ server: 'cad', vendor: 'drafty', feature: 'pro' }, 'drafty pro'],
  [{ server: 'cad', reason: 'connect' }, 'the connection is refused'],
  [{ server: 'cad', member: 'lic1' }, 'lic1'],
  [{ days_remaining: 4, customer: 'Example' }, '4 days left'],
  [{ days_remaining: '25' }, '25 days left'],
  [{}, ''],
])('an event of %j is about “%s”', (attributes, subject) => {
  expect(fromExporter([event(attributes)])[0]!.subject).toBe(subject)
})

test('the newest event comes first', () => {
  const times = ['2026-11-22T12:00:00.000Z', '2026-11-22T13:00:00.000Z']
  const rows = fromExporter(times.map(timestamp => event({ timestamp })))
  expect(rows.map(row => row.time.toISOString())).toEqual([...times].reverse())
})

test('what is rounded to nothing has no sign', () => {
  expect([-0.01, 0, -0.2, 12_345.67].map(number)).toEqual(['0', '0', '-0.2', '12,345.7'])
})
