import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './prometheus.ts'

/** A past for pictures: what the demo's logs tell of it. */

/** Through the exporter's own backfill, into a storage that is not used yet. */
export function demoHistory(length: string, storage: string, instance: string): void {
  const labels = ['--label', `instance=${instance}`, '--label', 'job=iosetu-license-exporter']
  const start = join(root, 'exporter/start.mjs')
  const args = [start, 'demo', '--history', length, ...labels, storage]
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
  if (status !== 0) throw new Error(`demo --history ends with ${status}`)
}

/** What the recording rules would have recorded of it. Prometheus finds it within a minute. */
export function recordedHistory(length: string, storage: string, url: string): void {
  const now = Math.floor(Date.now() / 1000)
  const [, count = '0', unit] = /^(\d+)([hd])$/.exec(length) ?? []
  const start = String(now - Number(count) * (unit === 'h' ? 3600 : 86_400))
  const folder = ['--output-dir', storage, '--eval-interval', '5m', '--url', url]
  const args = ['tsdb', 'create-blocks-from', 'rules', '--start', start, ...folder]
  const rules = join(root, 'alerts/recording.rules.yml')
  const { status, stderr } = spawnSync('promtool', [...args, rules])
  if (status !== 0) throw new Error(`promtool tsdb create-blocks-from rules: ${stderr}`)
}
