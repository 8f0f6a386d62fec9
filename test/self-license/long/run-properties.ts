import { parseArgs } from 'node:util'
import * as guard from '../../../exporter/self-license/guard.ts'
import { properties, run } from './properties.ts'

/** npm run properties -- --n 1000000 [--seed 1] [--only P3] */
const { values } = parseArgs({
  options: {
    n: { type: 'string', default: '20000' },
    seed: { type: 'string' },
    only: { type: 'string' },
  },
})
const runs = Number(values.n)
let failed = 0
let passed = 0
for (const one of properties(guard)) {
  if (values.only && !one.name.startsWith(`${values.only} `)) continue
  const began = performance.now()
  const { failure } = run(one, runs, values.seed === undefined ? undefined : Number(values.seed))
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`${failure ? 'FAILED' : 'holds '} ${one.name}: ${runs} runs in ${seconds} s`)
  if (failure) console.log(`       ${failure}`)
  if (failure) failed++
  else passed++
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
