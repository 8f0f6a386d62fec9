import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { best, tooMuch } from './judge.ts'
import type { Row } from './row.ts'

/**
 * Measured claims, as ratios of two things timed side by side in one run: a busy or slow machine
 * slows both. A ratio above twice its goal, or above a hard goal, fails if it stays there when
 * measured twice more: noise only ever slows.
 *   npm run bench -- [--only parse|reading|scrape|scale|start|rest|http|history] [--small]
 */
const names = ['parse', 'reading', 'scrape', 'scale', 'start', 'rest', 'http', 'history'] as const

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, small: { type: 'boolean', default: false } },
})
const unknown = values.only?.filter(name => !names.some(known => known === name)) ?? []
if (unknown.length > 0) {
  console.error(`no such bench: ${unknown.join(', ')}; there are ${names.join(', ')}`)
  process.exit(2)
}

let failed = 0
for (const name of names) {
  if (values.only && !values.only.includes(name)) continue
  const file = new URL(`./${name}.ts`, import.meta.url)
  if (!existsSync(file)) {
    console.log(`${name}: skipped: there is no test/bench/${name}.ts`)
    continue
  }
  const { bench } = (await import(file.href)) as {
    bench(options: { small: boolean }): Promise<Row[]>
  }
  for (const row of await best(() => bench({ small: values.small }))) failed += print(row)
}
if (failed > 0) {
  console.error(`${failed} above what is allowed`)
  process.exit(1)
}

function print(row: Row): number {
  const { name, ratio, goal, detail } = row
  const verdict = ratio <= goal ? 'held' : tooMuch(row) ? 'FAILED' : 'within slack'
  console.log(
    `${verdict.padEnd(12)} ${ratio.toFixed(2).padStart(6)} (goal ${goal}) ${name}: ${detail}`,
  )
  return Number(tooMuch(row))
}
