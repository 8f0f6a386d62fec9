import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Row } from './row.ts'

/**
 * Measured claims, as ratios of two things timed side by side in one run: a busy or slow machine
 * slows both. A ratio above twice its goal fails, if it stays there when measured twice more:
 * noise only ever slows.
 *   npm run bench -- [--only parse|reading|scrape|scale|start|rest|http|history] [--small]
 */
const names = ['parse', 'reading', 'scrape', 'scale', 'start', 'rest', 'http', 'history'] as const
const slack = 2
const rounds = 3

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
  console.error(`${failed} above ${slack} × goal`)
  process.exit(1)
}

/** Each row at its best; measured again only while one is above its slack. */
async function best(bench: () => Promise<Row[]>): Promise<Row[]> {
  let rows = await bench()
  for (let round = 1; round < rounds && rows.some(tooMuch); round++) {
    const again = await bench()
    rows = rows.map((row, i) => {
      const other = again[i]
      return other && other.name === row.name && other.ratio < row.ratio ? other : row
    })
  }
  return rows
}

function tooMuch({ ratio, goal }: Row): boolean {
  return !(ratio <= goal * slack)
}

function print(row: Row): number {
  const { name, ratio, goal, detail } = row
  const verdict = ratio <= goal ? 'held' : tooMuch(row) ? 'FAILED' : 'within slack'
  console.log(
    `${verdict.padEnd(12)} ${ratio.toFixed(2).padStart(6)} (goal ${goal}) ${name}: ${detail}`,
  )
  return Number(tooMuch(row))
}
