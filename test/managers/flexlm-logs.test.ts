import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { decode } from '../../exporter/managers/decode.ts'
import { logReader } from '../../exporter/managers/flexlm/log.ts'
import type { LogEntry } from '../../exporter/model.ts'

const folder = fileURLToPath(new URL('../fixtures/flexlm/logs', import.meta.url))
const context = { now: new Date('2026-03-30T12:00:00Z'), timeZone: 'Europe/Berlin' }

function entries(lines: readonly string[], restartAt?: number): LogEntry[] {
  let reader = logReader(context)
  const found: LogEntry[] = []
  for (const [i, line] of lines.entries()) {
    if (i === restartAt) {
      const state = JSON.parse(JSON.stringify(reader.state()))
      reader = logReader({ ...context, now: new Date('2031-01-01T00:00:00Z') })
      reader.restore(state)
    }
    const entry = reader.read(line)
    if (entry) found.push(entry)
  }
  return [...found, ...(reader.end?.() ?? [])]
}

const logs = readdirSync(folder).filter(name => name.endsWith('.log'))

describe('a debug log becomes entries', () => {
  test.each(logs)('%s', async name => {
    const lines = decode(readFileSync(join(folder, name))).split(/\r?\n/)
    const found = entries(lines)
    const text = found
      .map(entry => JSON.stringify({ utc: new Date(entry.at * 1000).toISOString(), ...entry }))
      .join('\n')
    await expect(`${text}\n`).toMatchFileSnapshot(
      join(folder, name.replace(/\.log$/, '.entries.jsonl')),
    )
  })

  test.each(logs)('%s gives the same entries when the reader is restored at any line', name => {
    const lines = decode(readFileSync(join(folder, name))).split(/\r?\n/)
    const whole = entries(lines)
    for (let at = 1; at < lines.length; at++) expect(entries(lines, at)).toEqual(whole)
  })
})
