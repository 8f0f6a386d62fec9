import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ExporterError } from '../exporter/errors.ts'
import { fixtures, parseFixture } from './fixtures.ts'

describe('fixture text becomes a snapshot', () => {
  test.each(fixtures().map(one => [`${one.manager}/${one.name}: ${one.about}`, one] as const))(
    '%s',
    async (_, one) => {
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
    },
  )
})
