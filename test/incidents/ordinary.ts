import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { stringify } from 'yaml'
import { groups, ruleFiles } from '../alerts/rules.ts'
import { tool } from '../needs.ts'
import { type Happening, ordinary, serverDown, simulatedDays } from './simulated-days.ts'

/**
 * Days of ordinary use: the demo's simulated license servers, renewed in time, with the small troubles
 * of every month. All shipped rules are evaluated at every step; nobody may be paged.
 *   npm run test:ordinary [-- --days 30 --step 300]
 */
const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '30' },
    step: { type: 'string', default: '300' },
  },
})
const days = Number(values.days)
const step = Number(values.step)
const promtool = process.env.PROMTOOL_BIN ?? tool('promtool')

if (!promtool) {
  console.log('0 passed, 0 failed, 2 skipped')
} else {
  const quiet = await play(promtool, days, ordinary)
  const pages = quiet.fired.filter(one => one.startsWith('critical'))
  report(
    pages.length === 0,
    `${days} days of ordinary use, ${quiet.series} series every ${step} s: ${pages.length} pages`,
    quiet.fired,
  )
  // The same days with one thing that does page: the silence above is not that of rules that sleep.
  const loud = await play(promtool, 1, [...ordinary, serverDown])
  const paged = loud.fired.filter(one => one.startsWith('critical'))
  report(
    paged.join() === 'critical LicenseServerDown (1)',
    'a license server that is down for 20 minutes pages once',
    loud.fired,
  )
  const failed = Number(process.exitCode ?? 0)
  console.log(`${2 - failed} passed, ${failed} failed, 0 skipped`)
  process.exitCode = failed > 0 ? 1 : 0
}

function report(good: boolean, what: string, fired: readonly string[]): void {
  if (!good) process.exitCode = Number(process.exitCode ?? 0) + 1
  console.log(`  ${good ? 'passed' : 'FAILED'}  ${what}`)
  console.log(`          ${fired.join(', ') || 'no alert at all'}`)
}

/** Which alerts fired, `critical LicenseServerDown (1)`, with how many series of them. */
async function play(
  program: string,
  length: number,
  happenings: readonly Happening[],
): Promise<{ fired: string[]; series: number }> {
  const input = simulatedDays(length, step, happenings)
  const folder = mkdtempSync(join(tmpdir(), 'license-ordinary-'))
  const file = join(folder, 'days.test.yml')
  const firing = `ALERTS{alertstate="firing"}`
  const asked = {
    // Expects nothing: promtool then tells what there was.
    expr: `count by (severity, alertname) (count_over_time(${firing}[${length}d]))`,
    eval_time: `${length}d`,
  }
  // Fails always, so that an answer without any alert can be told from none.
  const sentinel = { expr: 'vector(-1)', eval_time: `${length}d` }
  const test = { interval: `${step}s`, input_series: input, promql_expr_test: [asked, sentinel] }
  const content = {
    rule_files: ruleFiles,
    evaluation_interval: `${step}s`,
    group_eval_order: groups.map(({ name }) => name),
    tests: [test],
  }
  writeFileSync(file, stringify(content, { lineWidth: 0 }))
  try {
    const run = promisify(execFile)(program, ['test', 'rules', file], { maxBuffer: 64e6 })
    const said: string = await run.then(
      ({ stdout, stderr }) => stdout + stderr,
      (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
    )
    if (!said.includes('vector(-1)')) throw new Error(`promtool did not evaluate: ${said}`)
    const found = said.matchAll(/\{alertname="(\w+)", severity="(\w+)"\} ([\d.E+-]+)/g)
    const fired = [...found].map(([, alert, severity, n]) => `${severity} ${alert} (${Number(n)})`)
    return { fired: fired.sort(), series: input.length }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
