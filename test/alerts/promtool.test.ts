import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { tool } from '../needs.ts'
import { alertRules, ruleFiles } from './rules.ts'

const promtool = tool('promtool')
const folder = fileURLToPath(new URL('../../alerts/tests/', import.meta.url))
const files = readdirSync(folder).filter(name => name.endsWith('.test.yml'))
const run = promisify(execFile)
const minutes = 60_000

describe.skipIf(!promtool)('promtool', () => {
  test('finds nothing in the rules', async () => {
    await run(promtool!, ['check', 'rules', '--lint=all', '--lint-fatal', ...ruleFiles])
  })

  test.each(files)('test rules %s', { timeout: 5 * minutes }, async file => {
    const ended = run(promtool!, ['test', 'rules', `${folder}${file}`])
    await expect(ended.catch(({ stderr, stdout }) => `${stdout}${stderr}`)).resolves.toHaveProperty(
      'stdout',
      expect.stringContaining('SUCCESS'),
    )
  })
})

interface Expectation {
  exp_samples?: { labels: string }[]
}

/** What each case of each file expects to fire, in order of time. */
function expectations(): string[][][] {
  return files.flatMap(file => {
    const { tests } = parse(readFileSync(`${folder}${file}`, 'utf8')) as {
      tests: { promql_expr_test: Expectation[] }[]
    }
    return tests.map(one =>
      one.promql_expr_test.map(({ exp_samples = [] }) =>
        exp_samples.map(({ labels }) => /alertname="(\w+)"/.exec(labels)?.[1] ?? ''),
      ),
    )
  })
}

test.each(alertRules)(
  '$alert has a case in which it fires and a moment right beside in which it does not',
  ({ alert }) => {
    const cases = expectations()
    const fires = cases.filter(times => times.some(names => names.includes(alert)))
    const alone = cases.filter(times => times.every(names => !names.includes(alert)))
    expect(fires.length, 'firing').toBeGreaterThan(0)
    expect(alone.length, 'silent').toBeGreaterThan(0)
    const edges = fires.filter(times => times.some(names => !names.includes(alert)))
    expect(edges.length, 'not yet, or no more').toBeGreaterThan(0)
  },
)
