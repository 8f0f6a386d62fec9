import { expect, it } from 'vitest'
import { best, tooMuch } from './judge.ts'
import type { Row } from './row.ts'

const row = (ratio: number, hard?: true): Row => ({
  name: 'a',
  ratio,
  goal: 2,
  detail: '',
  ...(hard && { hard }),
})

it.each([
  [2, false, false],
  [2.01, false, true],
  [4, false, true],
  [4.01, true, true],
  [Number.NaN, true, true],
  [Number.POSITIVE_INFINITY, true, true],
])('a ratio of %d with the goal 2 fails: %s, and where the goal is hard: %s', (ratio, soft, hard) =>
  expect([tooMuch(row(ratio)), tooMuch(row(ratio, true))]).toEqual([soft, hard]),
)

it('a row that is too slow every time fails, one that was so once does not', async () => {
  const rounds = [9, 8, 7]
  expect((await best(async () => [row(rounds.shift()!)])).map(tooMuch)).toEqual([true])
  const once = [9, 1]
  expect((await best(async () => [row(once.shift()!)])).map(tooMuch)).toEqual([false])
  expect(once).toEqual([])
})
