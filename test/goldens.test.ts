import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ExporterError } from '../exporter/errors.ts'
import { expositionOf, stateOf, textOf } from './exposition-of.ts'
import { fixtures, parseFixture } from './fixtures.ts'

const cases = fixtures().map(one => [`${one.manager}/${one.name}: ${one.about}`, one] as const)

describe.skipIf(cases.length === 0)('fixture text becomes a snapshot and an exposition', () => {
  test.each(cases)('%s', async (_, one) => {
    if (one.throws) {
      expect(() => parseFixture(one)).toThrow(
        expect.objectContaining({ constructor: ExporterError, code: one.throws }),
      )
      return
    }
    const snapshot = parseFixture(one)
    await expect(`${JSON.stringify(snapshot, null, 2)}\n`).toMatchFileSnapshot(
      join(one.folder, 'snapshot.json'),
    )
    await expect(await textOf(expositionOf([stateOf(one)], one.now))).toMatchFileSnapshot(
      join(one.folder, 'metrics.prom'),
    )
  })
})
