/** Installs the packages of each host page where they are missing; `npm ci` by its own lock file. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

for (const name of ['grafana-13', 'grafana-12']) {
  const folder = join(import.meta.dirname, 'hosts', name)
  if (existsSync(join(folder, 'node_modules/@grafana/ui'))) continue
  console.log(`npm ci in ${folder}`)
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts'], { cwd: folder, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
