import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type Keys, knownKeys } from '../../exporter/config/known-keys.ts'
import { parseConfig } from '../../exporter/config/parse.ts'
import { configSchema } from '../../exporter/config/schema.ts'
import { readToml } from '../../exporter/config/toml.ts'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(fileURLToPath(new URL(path, root)), 'utf8')
const example = read('license-exporter.example.toml')

/** The example with the commented keys and tables switched on. */
const whole = example.replace(/^# (?=\[|[a-z0-9_]+ = )/gm, '')

function paths(keys: Keys, base = ''): string[] {
  return [...keys].flatMap(([key, inner]) => {
    const path = base === '' ? key : `${base}.${key}`
    return inner.size === 0 ? [path] : paths(inner, path)
  })
}

function has(value: unknown, [key, ...rest]: string[]): boolean {
  if (key === undefined) return true
  if (Array.isArray(value)) return value.some(one => has(one, [key, ...rest]))
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false
  return has((value as Record<string, unknown>)[key], rest)
}

describe('license-exporter.example.toml', () => {
  test('parses, and what it shows as defaults are the defaults', () => {
    expect(parseConfig(example, 'example').config).toEqual(configSchema.parse({}))
  })

  test('shows every key of the schema', () => {
    const read = readToml(whole)
    if (!('toml' in read)) throw new Error(`line ${read.line}: ${read.what}`)
    const missing = paths(knownKeys).filter(path => !has(read.toml.value, path.split('.')))
    expect(missing).toEqual([])
    expect(paths(knownKeys).length).toBeGreaterThan(50)
  })

  test('shows no key that the schema does not know', () => {
    const messages = refusals(whole)
    expect(messages.filter(line => line.includes('unknown key'))).toEqual([])
  })

  test('every default that is switched on is written down', () => {
    const read = readToml(example)
    if (!('toml' in read)) throw new Error(read.what)
    const defaults = configSchema.parse({}) as Record<string, unknown>
    const silent = Object.entries(defaults).flatMap(([table, value]) =>
      Array.isArray(value)
        ? []
        : typeof value === 'object' && value !== null
          ? Object.keys(value)
              .filter(key => key !== 'keys' && !has(read.toml.value, [table, key]))
              .map(key => `${table}.${key}`)
          : has(read.toml.value, [table])
            ? []
            : [table],
    )
    expect(silent).toEqual([])
  })

  test('docs/configuration.md names every key', () => {
    const page = read('docs/configuration.md')
    const missing = paths(knownKeys).filter(path => !page.includes(`\`${path.split('.').at(-1)}\``))
    expect(missing).toEqual([])
  })
})

function refusals(text: string): string[] {
  try {
    parseConfig(text, 'example')
    return []
  } catch (error) {
    return (error as Error).message.split('\n')
  }
}
