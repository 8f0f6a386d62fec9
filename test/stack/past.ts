import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stringify } from 'yaml'
import { type Prometheus, root } from './prometheus.ts'

/** A past for pictures: what the demo's logs tell of it, and for the rest that all was as it is now. */

/** The logs' part, through the exporter's own backfill, into a storage that is not used yet. */
export function demoHistory(length: string, storage: string, instance: string): void {
  const labels = ['--label', `instance=${instance}`, '--label', 'job=iosetu-license-exporter']
  const start = join(root, 'exporter/start.mjs')
  const args = [start, 'demo', '--history', length, ...labels, storage]
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
  if (status !== 0) throw new Error(`demo --history ends with ${status}`)
}

/** States that a dashboard draws over days; counters and times of readings are left out. */
const states = /(^up|_up|_info|_success|_issued|_seats|_quorum|_master|_state|_pool_expiry_\w+)$/

/** Gauges as they are now, then what the recording rules would have recorded of them. */
export async function recordedHistory(
  length: string,
  storage: string,
  prometheus: Prometheus,
): Promise<void> {
  await sleep(30_000)
  const now = Math.floor(Date.now() / 1000)
  const [, count = '0', unit] = /^(\d+)([hd])$/.exec(length) ?? []
  const start = now - Number(count) * (unit === 'h' ? 3600 : 86_400)
  const found = await prometheus.query('count by (__name__) ({job!=""})')
  const names = found.map(({ metric }) => metric.__name__ ?? '').filter(name => states.test(name))
  const rules = names.map(record => ({ record, expr: `${record} @ ${now}` }))
  rules.push({
    record: 'license_feature_seats_used',
    expr: 'license_feature_seats_checked_out',
  })
  const file = join(prometheus.folder, 'past.yml')
  writeFileSync(file, stringify({ groups: [{ name: 'past', rules }] }))
  blocks(file, start, now, storage, prometheus.url)
  // Prometheus looks for new blocks once a minute.
  for (let i = 0; i < 60; i++) {
    const there = await prometheus.query(
      `license_feature_seats_issued offset ${count}${unit} @ ${now + 3600}`,
    )
    if (there.length > 0) break
    await sleep(2000)
  }
  blocks(join(root, 'alerts/recording.rules.yml'), start, now, storage, prometheus.url)
}

function blocks(file: string, start: number, end: number, storage: string, url: string): void {
  const times = ['--start', String(start), '--end', String(end), '--eval-interval', '5m']
  const args = ['tsdb', 'create-blocks-from', 'rules', ...times, '--url', url]
  const { status, stderr } = spawnSync('promtool', [...args, '--output-dir', storage, file])
  if (status !== 0) throw new Error(`promtool tsdb create-blocks-from rules: ${stderr}`)
}
