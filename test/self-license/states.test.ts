import { describe, expect, test } from 'vitest'
import { anyRows } from './states/any.ts'
import { badRows } from './states/bad.ts'
import { startRows } from './states/start.ts'
import { validRows } from './states/valid.ts'

/** The state table of the design, row by row and in its words. */
const rows = [...startRows, ...validRows, ...anyRows, ...badRows]

const letters = { valid: 'V', grace: 'G', over: 'X', unlicensed: 'N' } as const

describe('the state table', () => {
  test.each(
    rows.map(
      row =>
        [
          `${row.state} | ${row.event} | ${row.next} | ${row.emitted.join(', ') || 'nothing'}`,
          row,
        ] as const,
    ),
  )('%s', (_, row) => {
    const machine = row.run()
    const { state, problem } = machine.guard
    const letter = letters[state]
    expect(letter === 'G' ? `G ${problem}` : letter).toBe(row.next)
    expect(machine.events()).toEqual(row.emitted)
  })
})
