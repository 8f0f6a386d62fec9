import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

/**
 * `node test/stack/schemathesis.ts --url URL --server NAME [--key KEY] [--n 50] [--seed S]`:
 * Schemathesis
 * reads openapi.json of a running exporter and sends what the schemas allow and forbid, once with
 * the key and once without. The exporter's rate limit must be raised for it (rate_limit_requests of
 * the key and of [api]). Passes with no server error, no broken contract, and with the key at least
 * 90 % of the answers other than 401 and 429. Without a seed every run sends the same.
 */
const version = '4.32.5'
const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    key: { type: 'string' },
    server: { type: 'string', default: 'cad' },
    n: { type: 'string', default: '50' },
    seed: { type: 'string' },
    venv: { type: 'string', default: join(tmpdir(), `schemathesis-${version}`) },
  },
})
if (!values.url) throw new Error('give --url of a running exporter')
const url = values.url.replace(/\/$/, '')
const program = join(values.venv, 'bin', 'st')
if (!existsSync(program) && !install()) {
  console.log('skipped: Schemathesis cannot be installed (python3 -m venv and pip are needed)')
  process.exit(0)
}

function install(): boolean {
  const pip = join(values.venv, 'bin', 'pip')
  return (
    run('python3', ['-m', 'venv', values.venv]) &&
    run(pip, ['install', '--quiet', `schemathesis==${version}`])
  )
}

function run(command: string, args: string[], cwd?: string): boolean {
  const { status } = spawnSync(command, args, { stdio: 'inherit', ...(cwd && { cwd }) })
  return status === 0
}

interface Round {
  passed: boolean
  answers: Map<number, number>
}

function round(key: string | undefined): Round {
  const folder = mkdtempSync(join(tmpdir(), 'schemathesis-'))
  // Refusals that are right and not in its list; and a server that exists.
  const settings = `
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 413, 414, 421, 429, 431]
[[operations]]
include-path = "/probe"
parameters = { "query.server" = ${JSON.stringify(values.server)} }
`
  writeFileSync(join(folder, 'schemathesis.toml'), settings)
  const har = join(folder, 'answers.har')
  // Without a key openapi.json is read first, with it: the document is not what is tested.
  const document = join(folder, 'openapi.json')
  writeFileSync(document, openapi)
  const args = ['run', document, '--url', url, '--checks', 'all', '--max-examples', values.n]
  args.push('--exclude-path', '/stream/events', '--no-color')
  args.push(...(values.seed ? ['--seed', values.seed] : ['--generation-deterministic']))
  args.push('--continue-on-failure', '--workers', '1', '--report', 'har', '--report-har-path', har)
  if (key) args.push('--header', `Authorization: Bearer ${key}`)
  const passed = run(program, args, folder)
  const answers = new Map<number, number>()
  const { log } = JSON.parse(readFileSync(har, 'utf8')) as {
    log: { entries: { response: { status: number } }[] }
  }
  for (const { response } of log.entries) {
    answers.set(response.status, (answers.get(response.status) ?? 0) + 1)
  }
  return { passed, answers }
}

const headers = values.key ? { authorization: `Bearer ${values.key}` } : {}
const openapi = await (await fetch(`${url}/api/v1/openapi.json`, { headers })).text()
let failed = 0
const rounds = values.key ? [values.key, undefined] : [undefined]
for (const key of rounds) {
  const { passed, answers } = round(key)
  const all = [...answers.values()].reduce((sum, count) => sum + count, 0)
  const through = all - (answers.get(401) ?? 0) - (answers.get(429) ?? 0)
  const broken = [...answers].filter(([status]) => status >= 500 || status === 0)
  const share = (100 * through) / all
  const good = passed && broken.length === 0 && (key === undefined || share >= 90)
  if (!good) failed++
  console.log(`${key ? 'with key' : 'without key'}: ${all} answers ${told(answers)}`)
  console.log(`  ${share.toFixed(1)} % other than 401 and 429, ${broken.length} kinds of 5xx`)
}
console.log(`${rounds.length - failed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

function told(answers: Map<number, number>): string {
  return [...answers]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${status}×${count}`)
    .join(' ')
}
