import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { tool } from '../needs.ts'

const promtool = tool('promtool')
const runner = fileURLToPath(new URL('./run-command.ts', import.meta.url))

const people = [
  'canary smith',
  'canary"quoted\'',
  'canäry',
  '"} 1 canary',
  '金丝雀 canary',
  'a\u202ecanary',
]
const canary = /can[aä]ry|金丝雀/

/** Half an hour of each person, who is also refused, on hosts that have the same name. */
const log = `10:00:00 (lmgrd) TIMESTAMP 3/2/2026
${people
  .map(
    name => `10:01:00 (v) OUT: "f" ${name}@canary-pc
10:02:00 (v) DENIED: "f" ${name}@canary-pc  (Licensed number of users already reached. (-4,342))
10:31:00 (v) IN: "f" ${name}@canary-pc`,
  )
  .join('\n')}
10:32:00 (v) OUT: "odd"}{\\" ann@pc
10:40:00 (v) IN: "odd"}{\\" ann@pc
11:00:00 (lmgrd) TIMESTAMP 3/2/2026
`

function command(...args: string[]): { stdout: string; all: string } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [runner, ...args], {
    encoding: 'utf8',
  })
  expect(status, stderr).toBe(0)
  return { stdout, all: stdout + stderr }
}

function folderWithLog(): { folder: string; file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'names-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'debug.log')
  writeFileSync(file, log)
  return { folder, file }
}

const manager = ['--manager', 'flexlm', '--timezone', 'UTC']

test.each(['text', 'csv', 'json'])('report in %s names no person and no host', format => {
  const { file } = folderWithLog()
  const { stdout, all } = command('report', ...manager, '--format', format, file)
  expect(all).not.toMatch(canary)
  if (format === 'json') {
    const { features } = JSON.parse(stdout) as { features: { feature: string; denials: number }[] }
    expect(features.find(({ feature }) => feature === 'f')?.denials).toBe(people.length)
  }
})

test('backfill names no person and no host, and every line of it is one sample', () => {
  const { folder, file } = folderWithLog()
  const output = join(folder, 'months')
  const { all } = command('backfill', ...manager, '--server', 'cad', '--output', output, file)
  const text = readdirSync(output)
    .map(name => readFileSync(join(output, name), 'utf8'))
    .join('')
  expect(all + text).not.toMatch(canary)
  expect(text).toContain('license_feature_seats_checked_out')
  const lines = text.split('\n').filter(line => line !== '' && !line.startsWith('#'))
  expect(lines.length).toBeGreaterThan(people.length)
  expect(lines.filter(line => !/^\w+\{(?:\w+="(?:[^"\\]|\\.)*",?)+\} \S+ \d+$/.test(line))).toEqual(
    [],
  )
  if (promtool === undefined) return
  for (const name of readdirSync(output)) {
    const { status, stderr } = spawnSync(promtool, [
      ...['tsdb', 'create-blocks-from', '--max-block-duration=744h', 'openmetrics'],
      ...[join(output, name), join(folder, 'blocks')],
    ])
    expect(status, String(stderr)).toBe(0)
  }
})
