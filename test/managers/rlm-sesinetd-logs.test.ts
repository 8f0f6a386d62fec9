import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { decode } from '../../exporter/managers/decode.ts'
import { rlm } from '../../exporter/managers/rlm/index.ts'
import { sesinetd } from '../../exporter/managers/sesinetd/index.ts'
import type { LogEntry } from '../../exporter/model.ts'

const root = fileURLToPath(new URL('../fixtures', import.meta.url))
const context = { now: new Date('2026-11-22T12:00:00Z'), timeZone: 'UTC' }
const both = { rlm, sesinetd }

const logs = (['rlm', 'sesinetd'] as const).flatMap(manager =>
  readdirSync(join(root, manager, 'logs'))
    .filter(name => !name.endsWith('.json'))
    .map(name => [manager, name] as const),
)

function linesOf(manager: keyof typeof both, name: string): string[] {
  return decode(readFileSync(join(root, manager, 'logs', name))).split('\n')
}

describe('lines of a vendor log become entries', () => {
  test.each(logs)('%s: %s', async (manager, name) => {
    const reader = both[manager].logReader?.(context)
    const entries = linesOf(manager, name)
      .map(line => reader?.read(line))
      .filter(entry => entry !== undefined)
      .map(entry => ({ ...entry, at: new Date(entry.at * 1000).toISOString() }))
    await expect(`${JSON.stringify(entries, null, 2)}\n`).toMatchFileSnapshot(
      join(root, manager, 'logs', `${name}.entries.json`),
    )
  })

  test.each(logs)('%s: %s is read on after a restart at any line', (manager, name) => {
    const lines = linesOf(manager, name)
    const read = (from: readonly string[], state?: unknown) => {
      const reader = both[manager].logReader?.(context)
      if (state !== undefined) reader?.restore(state)
      const entries: (LogEntry | undefined)[] = from.map(line => reader?.read(line))
      return { entries, state: JSON.parse(JSON.stringify(reader?.state())) }
    }
    const whole = read(lines).entries
    for (let cut = 0; cut <= lines.length; cut++) {
      const first = read(lines.slice(0, cut))
      const rest = read(lines.slice(cut), first.state)
      expect([...first.entries, ...rest.entries]).toEqual(whole)
    }
  })
})
