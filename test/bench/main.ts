import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Row } from './row.ts'

/**
 * Measured claims, as ratios of two things timed side by side in one run: a busy or slow machine
 * slows both. A ratio above twice its goal fails.
 *   npm run bench -- [--only parse|reading|scrape|scale|start|http|history] [--small]
 */
const names = ['parse', 'reading', 'scrape', 'scale', 'start', 'http', 'history'] as const
const slack = 2

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
  for (const row of await bench({ small: values.small })) failed += print(row)
}
if (failed > 0) {
  console.error(`${failed} above ${slack} × goal`)
  process.exit(1)
}

function print({ name, ratio, goal, detail }: Row): number {
  const verdict = ratio <= goal ? 'held' : ratio <= goal * slack ? 'within slack' : 'FAILED'
  console.log(
    `${verdict.padEnd(12)} ${ratio.toFixed(2).padStart(6)} (goal ${goal}) ${name}: ${detail}`,
  )
  return Number(!(ratio <= goal * slack))
}
