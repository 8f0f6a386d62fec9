import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { metrics } from '../../exporter/catalogue.ts'
import { tool } from '../needs.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const rules = at('../../provisioning/prometheus/flexlm-exporter-names.rules.yml')
const page = at('../../docs/migrating-from-flexlm-exporter.md')
const promtool = tool('promtool')

const recorded = (
  parse(readFileSync(rules, 'utf8')) as { groups: { rules: { record: string; expr: string }[] }[] }
).groups.flatMap(group => group.rules)

test('the old names are made of series that the exporter has', () => {
  const asked = recorded.flatMap(({ expr }) => expr.match(/\blicense_\w+/g) ?? [])
  expect(asked.length).toBeGreaterThan(10)
  expect(asked.filter(name => !Object.hasOwn(metrics, name))).toEqual([])
})

test('the page tells of every old name, and which are recorded', () => {
  const lines = readFileSync(page, 'utf8').split('\n')
  const told = (name: string) => lines.find(line => line.startsWith(`| \`${name}\``))
  for (const { record } of recorded) expect(told(record), record).toContain('| yes |')
  for (const line of lines.filter(one => /^\| `flexlm.*\| yes \|$/.test(one))) {
    const [, name] = /`(flexlm_\w+)`/.exec(line) ?? []
    expect(recorded.map(({ record }) => record)).toContain(name)
  }
})

test.runIf(promtool)(
  'promtool finds the rules correct and their values as flexlm_exporter had them',
  () => {
    const check = spawnSync(promtool!, ['check', 'rules', rules], { encoding: 'utf8' })
    expect(check.status, check.stderr).toBe(0)
    const folder = mkdtempSync(join(tmpdir(), 'license-exporter-rules-'))
    try {
      const cases = join(folder, 'cases.yml')
      const text = readFileSync(at('flexlm-exporter-names.test.yml'), 'utf8')
      writeFileSync(cases, text.replace('RULES', rules))
      const answer = spawnSync(promtool!, ['test', 'rules', cases], { encoding: 'utf8' })
      expect(answer.status, `${answer.stdout}${answer.stderr}`).toBe(0)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
