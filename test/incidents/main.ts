import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tool } from '../needs.ts'
import { incidents } from './incidents.ts'
import { type Played, play, problemsOf, strays } from './play.ts'
import { notPlayed } from './scale.ts'
import { setStage } from './stage.ts'

/** `npm run test:incidents [-- NAME…]`: each incident from good to bad to good, side by side. */

const prometheus = process.env.PROMETHEUS_BIN ?? tool('prometheus')
const alertmanager = tool('prometheus-alertmanager') ?? tool('alertmanager')
const faketime = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
].find(existsSync)

if (!prometheus || !alertmanager) {
  console.log('skipped: the incidents need Prometheus and Alertmanager; install both')
  console.log('0 passed, 0 failed, 18 skipped')
  process.exit(0)
}
if (!faketime) console.log('skipped: faketime is not installed; the clock is not set back')

const folder = mkdtempSync(join(tmpdir(), 'license-incidents-'))
const began = Date.now()
const stage = await setStage(folder, { prometheus, alertmanager, faketime })
let failed = 0
let passed = 0
try {
  const wanted = process.argv.slice(2)
  const all = incidents(stage)
  const chosen = all.filter(
    ({ name }) => wanted.length === 0 || wanted.some(word => name.includes(word)),
  )
  // Two readings, two evaluations: what is good has been seen good.
  await sleep(15_000)
  const early = [...stage.receiver.episodes]
  const played = await Promise.all(chosen.map(one => play(one, stage.receiver)))
  const rows = played.map(one => ({ ...one, problems: problemsOf(one, stage.receiver) }))
  for (const row of rows) print(row)
  for (const problem of strays(chosen, stage.receiver)) {
    failed++
    console.log(`  FAILED  ${problem}`)
  }
  for (const { alert, annotations } of early) {
    failed++
    console.log(`  FAILED  ${alert} before anything happened: ${annotations.description}`)
  }
  console.log(`\nnot played, they ask about weeks: ${notPlayed.join(', ')} (alerts/tests)`)
} finally {
  await stage.close()
  if (failed === 0) rmSync(folder, { recursive: true, force: true })
  else console.log(`logs and configurations: ${folder}`)
}
console.log(`${((Date.now() - began) / 60_000).toFixed(1)} minutes`)
console.log(`${passed} passed, ${failed} failed, ${faketime ? 0 : 1} skipped`)
process.exit(failed > 0 ? 1 : 0)

function print({ incident, seen, problems }: Played & { problems: string[] }): void {
  if (problems.length > 0) failed++
  else passed++
  const told = seen.map(({ alert, fired, resolved }) => {
    const end =
      resolved === undefined ? 'resolve: see alerts/tests' : `resolved after ${resolved} s`
    return `${alert} after ${fired} s, ${end}`
  })
  const mark = problems.length > 0 ? 'FAILED' : 'passed'
  console.log(
    `  ${mark}  ${incident.name.padEnd(44)} ${told.join('; ') || 'silent, as it should be'}`,
  )
  for (const problem of problems) console.log(`          ${problem}`)
}
