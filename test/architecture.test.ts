import { dirname, join } from 'node:path/posix'
import { describe, expect, test } from 'vitest'
import { sources } from './sources.ts'

/** Understanding: text → value → value. What stands here touches nothing of the world. */
const pure = [
  /^exporter\/(model|catalogue|errors|state|parts|reconcile|glob|feature-map|local-time|privacy)\.ts$/,
  /^exporter\/managers\//,
  /^exporter\/metrics\/samples(\.ts$|\/)/,
  /^exporter\/metrics\/(encode|negotiate|producer)\.ts$/,
  /^exporter\/events\/(announced|announcer|changes|denials|event-id|exhaustion|step)\.ts$/,
  /^exporter\/events\/(server|feature|pool)-(changes|tier)\.ts$/,
  /^exporter\/events\/(own-license|otlp-settings)\.ts$/,
  /^exporter\/history\//,
  /^exporter\/self-license\/(announce|clock|constants|guard|refusals|states|thresholds)\.ts$/,
]

/** What a pure file may have of Node.js: computing, no files, processes, sockets, clocks. */
const harmless = ['node:path', 'node:crypto', 'node:util', 'node:url']

const files = sources('exporter/**/*.ts')
const isPure = (path: string) => pure.some(pattern => pattern.test(path))

/** Modules that a file imports at run time; types vanish. */
function imports(text: string): string[] {
  const statements = text.matchAll(
    /^(?:import|export)\s+(?!type\b)(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm,
  )
  const dynamic = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)
  return [...statements, ...dynamic].map(found => found[1]!)
}

function wrong(path: string, text: string): string[] {
  return imports(text).filter(name => {
    if (name.startsWith('node:')) return !harmless.includes(name)
    if (!name.startsWith('.')) return false
    const target = join(dirname(path), name)
    // Units and the shape of configuration values are computing too.
    return !isPure(target) && target !== 'exporter/config/units.ts'
  })
}

describe('a pure file', () => {
  test('imports no file that reads or tells', () => {
    const mixed = files
      .filter(({ path }) => isPure(path))
      .flatMap(({ path, text }) => wrong(path, text).map(name => `${path} imports ${name}`))
    expect(mixed).toEqual([])
    expect(files.filter(({ path }) => isPure(path)).length).toBeGreaterThan(20)
  })

  test.each([
    ["import { readFileSync } from 'node:fs'", 1],
    ["import type { Stats } from 'node:fs'", 0],
    ["import {\n  a,\n  b,\n} from '../collect/poll.ts'", 1],
    ["export { a } from '../http/server.ts'", 1],
    ["import 'node:child_process'", 1],
    ["const net = await import('node:net')", 1],
    ["import { createHash } from 'node:crypto'\nimport { z } from 'zod'", 0],
    ["import { Zone } from './time.ts'", 0],
  ])('%s: %i', (text, count) => {
    expect(wrong('exporter/managers/x.ts', text)).toHaveLength(count)
  })

  test('asks no clock: time is an argument', () => {
    const clock = /\bDate\.now\(\)|\bnew Date\(\)|\bperformance\.now\(\)|\bprocess\.hrtime\b/
    const asking = files
      .filter(({ path, text }) => isPure(path) && clock.test(text))
      .map(({ path }) => path)
    // The default clock of the push side is an argument that may be left out.
    expect(asking).toEqual(['exporter/metrics/producer.ts'])
  })
})

test('the catalogue imports nothing', () => {
  expect(imports(sources('exporter/catalogue.ts')[0]!.text)).toEqual([])
})

test('process.exit stands in the command line alone', () => {
  const exits = sources('exporter/**/*.{ts,mjs}')
    .filter(({ text }) => /\bprocess\.exit\(/.test(text))
    .map(({ path }) => path)
  expect(
    exits.filter(path => !/^exporter\/(main\.ts|start\.mjs|demo\/tool\.ts)$/.test(path)),
  ).toEqual([])
})

test('no files import each other in a circle, types included', () => {
  const targets = new Map(
    files.map(({ path, text }) => [
      path,
      [...text.matchAll(/\bfrom\s+'(\.[^']+)'/g)].map(found => join(dirname(path), found[1]!)),
    ]),
  )
  const done = new Set<string>()
  const circles: string[] = []
  const visit = (path: string, way: readonly string[]) => {
    if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' → '))
    if (done.has(path) || way.includes(path)) return
    for (const target of targets.get(path) ?? []) visit(target, [...way, path])
    done.add(path)
  }
  for (const path of targets.keys()) visit(path, [])
  expect(circles).toEqual([])
})
