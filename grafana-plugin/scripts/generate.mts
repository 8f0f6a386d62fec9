/**
 * Copies into the app what stands elsewhere in the repository: dashboards (with uids of their own,
 * because a dashboard of the same uid from a file stops Grafana's import) and alert rules.
 * `--check` writes nothing and fails where a copy is not current. `--from FOLDER` reads another one.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { appDashboard } from './dashboard.mts'
import { copiesOf, ruleGroups } from './rule-groups.mts'

const here = resolve(import.meta.dirname, '..')
const at = process.argv.indexOf('--from')
const root = at > 0 ? resolve(process.argv[at + 1]!) : resolve(here, '..')
const check = process.argv.includes('--check')
const stale: string[] = []

function put(path: string, text: string): void {
  const file = join(here, path)
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  if (check) return void stale.push(path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, text)
}

function drop(folder: string, keep: readonly string[]): void {
  for (const name of existsSync(join(here, folder)) ? readdirSync(join(here, folder)) : []) {
    if (keep.includes(name)) continue
    if (check) stale.push(`${folder}/${name}`)
    else rmSync(join(here, folder, name))
  }
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
const list = (folder: string, end: string) =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder))
        .filter(name => name.endsWith(end))
        .sort()
    : []
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8')

function dashboards(): void {
  const names = list('dashboards/json', '.json')
  if (names.length === 0) return void console.log('skipped: there are no dashboards/json')
  const includes = names.map(name => {
    const path = join(here, 'src/dashboards', name)
    const before = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
    const copy = appDashboard(JSON.parse(read('dashboards/json', name)), before)
    put(`src/dashboards/${name}`, json(copy))
    return {
      type: 'dashboard',
      name: copy.title,
      path: `dashboards/${name}`,
      role: 'Viewer',
      addToNav: false,
    }
  })
  drop('src/dashboards', names)
  const plugin = JSON.parse(readFileSync(join(here, 'src/plugin.json'), 'utf8'))
  plugin.includes = [
    ...plugin.includes.filter((one: { type: string }) => one.type !== 'dashboard'),
    ...includes,
  ]
  put('src/plugin.json', json(plugin))
}

function rules(): void {
  const names = list('alerts', '.rules.yml')
  if (names.length === 0) return void console.log('skipped: there are no alerts/*.rules.yml')
  for (const name of names) put(`src/rules/${name}`, read('alerts', name))
  put('src/rules/files.json', json(names))
  const copies = copiesOf(read('provisioning/grafana/alerting/license.yaml'))
  put(
    'src/rules/groups.json',
    json(
      ruleGroups(
        names.map(name => read('alerts', name)),
        copies
      )
    )
  )
  drop('src/rules', [...names, 'files.json', 'groups.json'])
}

dashboards()
rules()
if (stale.length > 0) {
  console.error(`not current: ${stale.join(', ')}; run npm run generate`)
  process.exitCode = 1
}
