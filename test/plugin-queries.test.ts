import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { metrics } from '../exporter/catalogue.ts'
import { withRecorded } from './alerts/rules.ts'
import { check } from './promql/check.ts'

interface Queries {
  allQueries: (example: Record<'server' | 'vendor' | 'feature', string>) => Record<string, string>
  expectedSeries: ReadonlyArray<readonly [name: string, without: string]>
}

// The app is a package of its own: Node reads its file as it is, without the settings of its tools.
const { allQueries, expectedSeries } = createRequire(import.meta.url)(
  '../grafana-plugin/src/queries.ts',
) as Queries
const source = join(import.meta.dirname, '../grafana-plugin/src')
const names: readonly string[] = Object.keys(metrics)

const example = { server: 'a"b\\c\n$d', vendor: 'x', feature: 'y' }
/** They ask for whatever arrives, by pattern; no series is named. */
const byPattern = ['seriesByName', 'recordedSeries']

test.each(Object.entries(allQueries(example)).filter(([name]) => !byPattern.includes(name)))(
  '%s reads series and labels that the exporter emits',
  (_, expression) => {
    expect(check(expression, { series: withRecorded() }).problems).toEqual([])
  },
)

test('a query on a series that the exporter does not emit is found', () => {
  expect(check('max by (server) (license_server_upp)').problems).not.toEqual([])
  expect(check('max by (serverr) (license_server_up)').problems).not.toEqual([])
})

test('every query of the app is among those that are checked', () => {
  const text = readFileSync(join(source, 'queries.ts'), 'utf8')
  const exported = [...text.matchAll(/^export (?:const|function) (\w+)(?: =)? ?\(/gm)].map(
    found => found[1],
  )
  const helpers = ['selector', 'allQueries']
  const checked = Object.keys(allQueries(example))
  expect(exported.filter(name => !helpers.includes(name!) && !checked.includes(name!))).toEqual([])
  expect(exported.length).toBeGreaterThan(40)
})

test('what Setup expects is in the catalogue', () => {
  expect(expectedSeries.map(([name]) => name).filter(name => !names.includes(name))).toEqual([])
})

test('the large site of its browser tests tells series of the catalogue, whole', () => {
  const { exposition } = createRequire(import.meta.url)(
    '../grafana-plugin/test/browser/large-site.mts',
  ) as { exposition: (size: object, now: number) => Iterable<string> }
  const told = new Set<string>()
  for (const line of exposition({ servers: 100, features: 50 }, 1e9)) {
    const [, name = '', text = ''] = /^(\w+)(?:\{(.*)\})? -?[\d.]+$/.exec(line) ?? []
    told.add(`${name}: ${[...text.matchAll(/(\w+)="/g)].map(found => found[1]).sort()}`)
  }
  const known = Object.entries<{ labels: readonly string[] }>(metrics).map(
    ([name, { labels }]) => `${name}: ${[...labels].sort()}`,
  )
  expect([...told].filter(one => !known.includes(one))).toEqual([])
  expect(told.size).toBeGreaterThan(25)
})

test('no other file of the app names a series', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    name => /\.tsx?$/.test(name) && name !== 'queries.ts',
  )
  expect(files.length).toBeGreaterThan(30)
  for (const file of files) {
    const text = readFileSync(join(source, file), 'utf8')
    expect(
      names.filter(name => new RegExp(`\\b${name}\\b`).test(text)),
      file,
    ).toEqual([])
  }
})
