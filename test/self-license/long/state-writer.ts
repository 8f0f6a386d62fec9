import { writeSync } from 'node:fs'
import { writeState } from '../../../exporter/self-license/state-file.ts'

/** Writes state until it is killed, and reports each write that is on disk. */
const [stateDir = '', boot = '0'] = process.argv.slice(2)
for (let age = 0; ; age++) {
  const clock = { bootId: 'b', boot: Number(boot), age, line: 1e12, floor: 1e12, reference: 1e12 }
  await writeState(stateDir, {
    guard: {
      clock: { ...clock, ahead: undefined, tamper: undefined, clean: false },
      state: 'valid',
      until: undefined,
      bad: undefined,
      announced: {},
    },
    token: 'x'.repeat(100 + ((age * 997) % 8000)),
  })
  writeSync(1, `${age}\n`)
}
