/**
 * Installs the packages of each host page where they are missing, by its own lock file. Not where the
 * browser tests are skipped anyway.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { missingPrograms } from './programs.mts'

const hosts = ['grafana-13', 'grafana-12'].map(name => join(import.meta.dirname, 'hosts', name))
const bare = hosts.filter(folder => !existsSync(join(folder, 'node_modules/@grafana/ui')))

for (const folder of missingPrograms.length === 0 ? bare : []) {
  console.log(`npm ci in ${folder}`)
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts'], { cwd: folder, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
