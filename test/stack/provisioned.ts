import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'yaml'
import type { checks } from './checks.ts'
import type { Grafana } from './grafana.ts'
import { root } from './prometheus.ts'

const app = 'iosetu-license-app'
const admin = { authorization: `Basic ${btoa('admin:admin')}` }

interface Rule {
  name: string
  health: string
  state: string
  lastEvaluation: string
  lastError?: string
}

interface Group {
  name: string
  rules: Rule[]
}

/** What a Grafana made of provisioning/grafana, asked over its API. */
export async function provisioned(
  { url, said }: Pick<Grafana, 'url' | 'said'>,
  loki: boolean,
  { check }: Pick<ReturnType<typeof checks>, 'check'>,
): Promise<void> {
  async function get<T>(path: string): Promise<T> {
    const answer = await fetch(`${url}${path}`, { headers: admin })
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as T
  }

  const settings = await get<{ enabled: boolean; signature: string; jsonData: object }>(
    `/api/plugins/${app}/settings`,
  )
  check(settings.enabled, 'the app is enabled')
  check(
    settings.signature === 'unsigned' && !JSON.stringify(settings).includes('apiKey":"'),
    'the app is unsigned, and its key is not told',
  )
  const rows = await get<{ data: unknown[] }>(
    `/api/plugin-proxy/${app}/exporter/api/v1/checkouts?server=cad`,
  )
  check(rows.data.length > 0, 'the proxy brings checkouts of the exporter')

  const sources = ['iosetu-license-prometheus', ...(loki ? ['iosetu-license-loki'] : [])]
  for (const uid of sources) {
    const { status } = await get<{ status: string }>(`/api/datasources/uid/${uid}/health`)
    check(status === 'OK', `data source ${uid} is ${status}`)
  }

  const shipped = readdirSync(join(root, 'dashboards/json'))
  const found = await get<{ uid: string }[]>('/api/search?type=dash-db&folderUIDs=iosetu-licenses')
  check(
    found.length === shipped.length,
    `${found.length} of ${shipped.length} dashboards are there`,
  )
  const bundled = await get<{ title: string; imported: boolean }[]>(
    `/api/plugins/${app}/dashboards`,
  )
  for (const { title, imported } of bundled) check(imported, `the app brings "${title}"`)
  check(bundled.length === shipped.length, 'the app brings a copy of every dashboard')

  await rules(get, check)
  await ownRulesOnly(url, get, check)
  const errors = said()
    .split('\n')
    .filter(line => /level=error/.test(line) && /provisioning|alerting|plugin/.test(line))
  for (const line of errors) console.log(line)
  check(errors.length === 0, 'Grafana tells no error of provisioning, alerting or plugins')
}

type Get = <T>(path: string) => Promise<T>
type Check = (good: boolean, what: string) => void

async function rules(get: Get, check: Check): Promise<void> {
  const file = join(root, 'provisioning/grafana/alerting/license.yaml')
  const { groups } = parse(readFileSync(file, 'utf8')) as {
    groups: { name: string; interval: string; folder: string; rules: { title: string }[] }[]
  }
  // Groups of 5 minutes and an hour may not have their turn while the test lasts.
  const often = groups.filter(({ interval }) => interval === '1m').map(({ name }) => name)
  const waiting = (running: readonly Group[]) =>
    running.some(({ name, rules }) => often.includes(name) && evaluated(rules) < rules.length)
  let running = await runningGroups(get)
  for (let i = 0; i < 90 && waiting(running); i++) {
    await sleep(2000)
    running = await runningGroups(get)
  }
  for (const { name, interval, rules } of groups) {
    const own = running.find(group => group.name === name)?.rules ?? []
    check(own.length === rules.length, `${name} has ${own.length} of ${rules.length} rules`)
    for (const rule of own) {
      const once = evaluated([rule]) === 1
      if (!once && interval !== '1m') continue
      check(
        once && rule.health === 'ok',
        `${rule.name} is evaluated: ${rule.health} ${rule.lastError ?? ''}`,
      )
    }
  }
  const down = running
    .flatMap(({ rules }) => rules)
    .find(({ name }) => name === 'LicenseServerDown')
  check(/pending|firing/.test(down?.state ?? ''), `LicenseServerDown is ${down?.state}`)
  const folders = await get<{ title: string }[]>('/api/folders')
  const titles = groups.map(({ folder }) => folder)
  check(
    folders.filter(({ title }) => titles.includes(title)).length === new Set(titles).size,
    'the rules are in one folder',
  )
}

async function runningGroups(get: Get): Promise<Group[]> {
  const answer = await get<{ data: { groups: Group[] } }>('/api/prometheus/grafana/api/v1/rules')
  return answer.data.groups
}

const evaluated = (rules: readonly Rule[]) =>
  rules.filter(({ lastEvaluation }) => !lastEvaluation.startsWith('0001')).length

/** What the app's installer has to explain: a rule of a file cannot be taken over. */
async function ownRulesOnly(url: string, get: Get, check: Check): Promise<void> {
  const [rule] = await get<{ uid: string; provenance: string }[]>(
    '/api/v1/provisioning/alert-rules',
  )
  check(rule?.provenance === 'file', 'rules of the file are marked as such')
  const headers = { ...admin, 'content-type': 'application/json', 'x-disable-provenance': 'true' }
  const folder = { uid: 'somewhere-else', title: 'Somewhere else' }
  const made = await fetch(`${url}/api/folders`, {
    method: 'POST',
    headers,
    body: JSON.stringify(folder),
  })
  check(made.ok, 'a folder can be made')
  const answer = await fetch(
    `${url}/api/v1/provisioning/folder/${folder.uid}/rule-groups/taken-over`,
    {
      method: 'PUT',
      headers,
      body: JSON.stringify({
        title: 'taken-over',
        folderUid: folder.uid,
        interval: 60,
        rules: [{ ...rule, folderUID: folder.uid, ruleGroup: 'taken-over', orgID: 1 }],
      }),
    },
  )
  const text = await answer.text()
  check(
    answer.status === 409 && text.includes('alerting.provenanceMismatch'),
    `a rule of the file is refused to others with 409: ${answer.status}`,
  )
  await fetch(`${url}/api/folders/${folder.uid}?forceDeleteRules=true`, {
    method: 'DELETE',
    headers,
  })
}
