import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dashboards } from '../../dashboards/index.ts'

/** Grafana publishes its schema as types: the type checker compares the committed JSON with them. */
const folder = fileURLToPath(new URL('./.schema/', import.meta.url))
const tsc = fileURLToPath(new URL('../../node_modules/.bin/tsc', import.meta.url))
const names = Object.keys(dashboards)

const json = (name: string) =>
  readFileSync(new URL(`../../dashboards/json/${name}.json`, import.meta.url), 'utf8')

/** What the type checker says of a dashboard as it lies in the file. */
function complaints(texts: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(texts)) {
    const source = `import type { Dashboard } from '../../../dashboards/schema.ts'\nexport const dashboard: Dashboard = ${text}\n`
    writeFileSync(`${folder}/${name}.gen.ts`, source)
  }
  const configuration = { extends: '../../../tsconfig.json', include: ['*.gen.ts'] }
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(configuration))
  try {
    return execFileSync(tsc, ['-p', folder], { encoding: 'utf8' })
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the committed dashboards are valid in the schema of Grafana', () => {
  // The editor's copy of a query variable's text is known to Grafana, not to its schema.
  const texts = names.map(name => [name, json(name).replaceAll(/^\s*"definition": .*\n/gm, '')])
  expect(complaints(Object.fromEntries(texts))).toBe('')
})

test('a wrong key, a wrong word and a missing field are noticed', () => {
  const good = json('events')
  const wrong = {
    key: good.replace('"schemaVersion"', '"schemaVersions"'),
    word: good.replace('"mode": "thresholds"', '"mode": "treshold"'),
    number: good.replace('"gridPos": {', '"gridPos": { "z": 1,'),
  }
  const said = complaints(wrong)
  for (const name of Object.keys(wrong)) expect(said).toContain(`${name}.gen.ts`)
})
