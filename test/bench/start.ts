import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { median, wallMs } from './measure.ts'
import { withProgram } from './program.ts'
import type { Row } from './row.ts'

const servers = 20

/** From the start of the program to a /metrics that shows every configured server. */
export async function bench({ small }: { small: boolean }): Promise<Row[]> {
  const bare: number[] = []
  const ours: number[] = []
  // The first start after a change compiles; what it compiled is there for all that follow.
  const first = await started()
  for (let i = 0; i < (small ? 5 : 9); i++) {
    bare.push(await wallMs(() => once(spawn(process.execPath, ['-e', '0']), 'exit')))
    ours.push(await started())
  }
  const ms = (value: number) => `${value.toFixed(0)} ms`
  return [
    {
      name: `start to the first complete /metrics, of node alone`,
      ratio: median(ours) / median(bare),
      goal: 20,
      detail: `${ms(median(ours))} with ${servers} servers (${ms(first)} the first time), node alone ${ms(median(bare))}`,
    },
  ]
}

function started(): Promise<number> {
  return withProgram(servers, ({ milliseconds }) => milliseconds)
}
