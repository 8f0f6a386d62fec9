import { expect, test } from 'vitest'
import { soaks, soakTail } from '../soak/tail.ts'

test.each(Object.entries(soaks))(
  'a log under %s at random points keeps its promise',
  async (_, soak) => {
    const result = await soakTail({ ...soak, lines: 20_000, rotate: 0.15, seed: 7 })
    expect(result.rotations).toBeGreaterThan(5)
    expect(result.strangers).toBe(0)
    if (soak.positions || soak.restart === 0) expect(result.lost).toBeLessThanOrEqual(result.cutOff)
    if (!soak.positions) expect(result.doubles).toBe(0)
  },
)
