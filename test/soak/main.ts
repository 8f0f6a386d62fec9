import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runTool } from '../../exporter/collect/run-tool.ts'
import { collectErrorCode } from '../../exporter/errors.ts'
import { openDescriptors, processesWith, zombies } from './processes.ts'

/** `npm run soak -- --n 10000`: hostile tools leave no process, no zombie, no descriptor behind. */
const { values } = parseArgs({
  options: { n: { type: 'string', default: '300' }, parallel: { type: 'string', default: '8' } },
})
const total = Number(values.n)
const tool = fileURLToPath(new URL('../fixtures/tools/hostile.sh', import.meta.url))
const marker = `HOSTILE_RUN=${process.pid}`

const signals = ['TERM', 'KILL', 'SEGV', 'ABRT', 'HUP', 'INT', 'PIPE']
const ways: ((run: number) => string[])[] = [
  () => ['hang'],
  () => ['ignore-term'],
  () => ['fork'],
  () => ['hold-pipe'],
  () => ['hold-pipe-deaf'],
  () => ['flood-stdout'],
  () => ['flood-stderr'],
  () => ['flood-and-leave'],
  run => ['exit', String(run % 256)],
  run => ['signal', signals[run % signals.length] ?? 'TERM'],
  () => ['garbage'],
]

if (!existsSync('/proc/self/fd')) {
  console.log('skipped: counting processes and descriptors needs /proc')
  process.exit(0)
}

const outcomes = new Map<string, number>()
let slowest = 0

async function one(run: number): Promise<void> {
  const args = ways[run % ways.length]?.(Math.floor(run / ways.length)) ?? []
  const started = performance.now()
  const outcome = await runTool(
    { run: [tool, ...args], text: 'status', env: { HOSTILE_RUN: String(process.pid) } },
    { timeoutSeconds: 0.15, killAfterSeconds: 0.05 },
  ).then(
    output => (output.exitCode === undefined ? 'died by a signal' : 'answered'),
    error => collectErrorCode(error),
  )
  slowest = Math.max(slowest, performance.now() - started)
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
}

// The first spawn opens what stays open (the event loop's signal pipe).
await one(8)
outcomes.clear()
slowest = 0
const before = { descriptors: openDescriptors(), zombies: zombies() }
const started = performance.now()
let next = 0
await Promise.all(
  Array.from({ length: Number(values.parallel) }, async () => {
    while (next < total) await one(next++)
  }),
)
const seconds = (performance.now() - started) / 1000
// Killed processes need a moment to be gone, orphans wait for process 1 to notice them.
const remain = () => processesWith(marker).length + Math.max(0, zombies() - before.zombies)
for (let i = 0; i < 100 && remain() > 0; i++) await sleep(100)

const left = {
  processes: processesWith(marker).length,
  zombies: Math.max(0, zombies() - before.zombies),
  descriptors: openDescriptors() - before.descriptors,
}
console.log(
  `hostile runs      ${total} in ${seconds.toFixed(1)} s, slowest ${slowest.toFixed(0)} ms`,
)
for (const [outcome, count] of [...outcomes].sort()) {
  console.log(`  ${outcome.padEnd(16)}${count}`)
}
console.log(`left processes    ${left.processes}`)
console.log(`left zombies      ${left.zombies}`)
console.log(`left descriptors  ${left.descriptors}`)
console.log(`resident memory   ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`)
const settled = [...outcomes.values()].reduce((sum, count) => sum + count, 0)
if (settled !== total || left.processes || left.zombies || left.descriptors > 0) process.exit(1)
