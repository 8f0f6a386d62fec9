import { describe, expect, test } from 'vitest'
import { chooseDataSource } from '../../src/App/dataSource.ts'
import { explain, NotTheApi } from '../../src/shared/api/failure.ts'
import { exportersOf, parseExporters, urlProblem } from '../../src/shared/settings.ts'
import { selector } from '../../src/queries.ts'

test.each([
  ['', 'Write the address'],
  ['exporter', 'is not an address'],
  ['ftp://x', 'is not spoken here'],
  ['http://user:secret@x', 'Take name and password out'],
  ['http://x/?key=1', 'from ? or # on'],
])('the address “%s” is refused in words', (url, words) => {
  expect(urlProblem(url)).toContain(words)
})

test('good addresses pass', () => {
  expect(urlProblem('http://exporter:8080')).toBeUndefined()
  expect(urlProblem('https://proxy/licenses')).toBeUndefined()
})

describe('several exporters', () => {
  test('are lines of name = path', () => {
    expect(parseExporters(' london = /sites/london/ \n\nparis=paris')).toEqual({
      exporters: [
        { name: 'london', path: 'sites/london' },
        { name: 'paris', path: 'paris' },
      ],
    })
  })

  test.each([
    ['london', 'as name = path'],
    ['a = ../metrics', 'is no path'],
    ['a = x%2f..', 'is no path'],
    ['a = x?y', 'is no path'],
    ['a = x\na = y', 'stands there twice'],
  ])('“%s” is refused in words', (text, words) => {
    expect(parseExporters(text).problem).toContain(words)
  })

  test('none listed means the address itself; no address means none', () => {
    expect(exportersOf({ exporterUrl: 'http://x' })).toEqual([{ name: 'exporter', path: '' }])
    expect(exportersOf({ exporters: [{ name: 'a', path: 'b' }] })).toEqual([])
  })
})

test('the default Prometheus is taken where none is chosen', () => {
  const list = [
    { uid: 'l', name: 'L', type: 'loki', isDefault: true },
    { uid: 'a', name: 'A', type: 'prometheus', isDefault: false },
    { uid: 'b', name: 'B', type: 'prometheus', isDefault: false },
  ]
  expect(chooseDataSource(undefined, list)).toEqual({ uid: 'a' })
  expect(chooseDataSource('b', list)).toEqual({ uid: 'b' })
  expect(chooseDataSource('l', list)).toHaveProperty('problem')
})

test.each([
  [{ status: 403, data: { message: 'plugin proxy route access denied' } }, 'no_permission'],
  [{ status: 403, data: { code: 'missing_scope' } }, 'scope'],
  [{ status: 401, data: { code: 'unknown_key' } }, 'key'],
  [{ status: 404, data: { message: 'plugin route match not found' } }, 'route'],
  [{ status: 404, data: { code: 'not_found' } }, 'old'],
  [{ status: 421, data: { code: 'wrong_host' } }, 'host'],
  [{ status: 502, data: '' }, 'unreachable'],
  [{ status: 500, data: { code: 'internal' } }, 'other'],
  [new NotTheApi('x'), 'html'],
  [new Error('x'), 'other'],
])('the failure %# is of kind %s', (error, kind) => {
  expect(explain(error, 'x').kind).toBe(kind)
})

test('no name leaves the quotes of a selector', () => {
  expect(selector({ server: 'a"} or up{x="\\\n$x[[y]]' })).toBe(
    '{server="a\\"} or up{x=\\"\\\\\\n\\x24x\\x5b\\x5by]]"}'
  )
  expect(selector({})).toBe('')
})
