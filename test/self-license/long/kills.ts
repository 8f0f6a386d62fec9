import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { readState } from '../../../exporter/self-license/state-file.ts'

/**
 * A process that writes state all the time is killed with −9 at any moment: what is left is whole,
 * and not older than the last write that was reported. npm run kills -- --n 1000
 */
const { values } = parseArgs({ options: { n: { type: 'string', default: '50' } } })
const kills = Number(values.n)
const writer = fileURLToPath(new URL('state-writer.ts', import.meta.url))
const stateDir = mkdtempSync(join(tmpdir(), 'own-license-kills-'))
let [corrupt, lost, inTheMiddle] = [0, 0, 0]
try {
  for (let n = 0; n < kills; n++) {
    const child = spawn(process.execPath, [writer, stateDir, String(n)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let reported = -1
    child.stdout.setEncoding('utf8')
    child.stdout.on('data', (text: string) => {
      reported = Number(text.trim().split('\n').at(-1))
    })
    await once(child.stdout, 'data')
    await new Promise(done => setTimeout(done, Math.random() * 30))
    child.kill('SIGKILL')
    await once(child, 'close')
    const { state, problem } = { problem: undefined, ...(await readState(stateDir)) }
    if (problem !== undefined || !state) corrupt++
    // The age counts the writes of this process.
    else if (state.guard.clock.age < reported || state.guard.clock.boot !== n) lost++
    if (readdirSync(stateDir).some(name => name.endsWith('.tmp'))) inTheMiddle++
  }
  const stray = readdirSync(stateDir).filter(name => !/^own-license\.json(\.tmp)?$/.test(name))
  console.log(
    `${kills} kills (${inTheMiddle} in the middle of a write): ${corrupt} corrupt, ${lost} lost a reported write, ${stray.length} stray files`,
  )
  const holds = corrupt === 0 && lost === 0 && stray.length === 0
  console.log(holds ? '1 passed, 0 failed' : '0 passed, 1 failed')
  process.exitCode = holds ? 0 : 1
} finally {
  rmSync(stateDir, { recursive: true, force: true })
}
