import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { monitorParts } from '../../../exporter/self-license/index.ts'
import { startMonitor } from '../../../exporter/self-license/monitor.ts'
import { readLicense } from '../../../exporter/self-license/read-license.ts'
import { claims, publicKey, token } from '../licenses.ts'

/**
 * A Secret that is swapped as kubelet does it is noticed within one poll; torn writes of the file in
 * it, a hundred for each swap, cause no flap. npm run swaps -- --n 1000
 */
const { values } = parseArgs({ options: { n: { type: 'string', default: '100' } } })
const swaps = Number(values.n)
const tornEach = 100

const home = mkdtempSync(join(tmpdir(), 'secret-'))
const file = join(home, 'license.key')
const clock = { wall: Date.UTC(2027, 0, 5), boot: 1e6 }
const events: string[] = []
let noticed = 0
let flaps = 0
let torn = 0
let seenTorn = 0
try {
  swap(0)
  symlinkSync('..data/license.key', file)
  const parts = await monitorParts({ trustedKeys: { keys: [publicKey] } })
  const monitor = await startMonitor(parts, {
    clock: () => ({ ...clock, mono: clock.boot, bootId: 'one' }),
    license: () => readLicense({ file }),
    every: () => () => {},
  })
  monitor.on(({ event }) => void events.push(event))
  const poll = async () => {
    clock.wall += 15_000
    clock.boot += 15_000
    await monitor.tick()
    if (monitor.state.state !== 'valid') flaps++
  }
  for (let n = 1; n <= swaps; n++) {
    swap(n)
    await poll()
    if (monitor.state.licenseId === `lic-${n}`) noticed++
    const text = license(n)
    for (let tear = 0; tear < tornEach; tear++) {
      torn++
      // An editor that truncates and writes in two pieces; a poll may fall in between, even twice.
      const handle = openSync(file, 'w')
      const looks = Math.random() < 0.04
      if (looks && Math.random() < 0.5) await poll()
      writeSync(handle, text.slice(0, Math.floor(Math.random() * text.length)))
      if (looks) await poll()
      if (looks) seenTorn++
      writeSync(handle, text, 0)
      closeSync(handle)
      if (looks) await poll()
    }
    if (monitor.state.licenseId !== `lic-${n}`) flaps++
  }
  await monitor.close()
} finally {
  rmSync(home, { recursive: true, force: true })
}
const reloaded = events.filter(event => event === 'license.reloaded').length
const others = events.length - reloaded
console.log(
  `${noticed} of ${swaps} swaps noticed within one poll; ${torn} torn writes (${seenTorn} seen while torn): ${flaps} flaps, ${others} events beside ${reloaded} reloads`,
)
const holds = noticed === swaps && flaps === 0 && others === 0 && reloaded === swaps
console.log(holds ? '1 passed, 0 failed' : '0 passed, 1 failed')
process.exitCode = holds ? 0 : 1

function license(n: number): string {
  return token({ ...claims, jti: `lic-${n}` })
}

/** kubelet's atomic writer: a new folder, a link beside, renamed over ..data, the old folder removed. */
function swap(n: number): void {
  const data = `..data-${n}`
  mkdirSync(join(home, data))
  writeFileSync(join(home, data, 'license.key'), license(n))
  symlinkSync(data, join(home, '..data_tmp'))
  renameSync(join(home, '..data_tmp'), join(home, '..data'))
  if (n > 0) rmSync(join(home, `..data-${n - 1}`), { recursive: true })
}
