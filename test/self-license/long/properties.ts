import fc from 'fast-check'
import type { GuardModule } from '../world.ts'
import { backProperties } from './clock-back.ts'
import { oddProperties } from './clock-odd.ts'
import { fileProperties } from './files.ts'
import { gainProperties } from './gain.ts'
import { honestProperties } from './honest.ts'

export interface Property {
  name: string
  // biome-ignore lint/suspicious/noExplicitAny: the tuple of each property is its own.
  property: fc.IProperty<any>
}

/** The twelve clock properties, those of the license file, and what grace can be gained. */
export function properties(module: GuardModule): Property[] {
  return [
    ...honestProperties(module),
    ...backProperties(module),
    ...oddProperties(module),
    ...fileProperties(module),
    ...gainProperties(module),
  ]
}

export interface Outcome {
  runs: number
  failure: string | undefined
}

export function run({ property }: Property, runs: number, seed?: number): Outcome {
  const details = fc.check(property, { numRuns: runs, ...(seed !== undefined && { seed }) })
  if (!details.failed) return { runs: details.numRuns, failure: undefined }
  const { message = 'failed' } = (details.errorInstance ?? {}) as Partial<Error>
  const example = JSON.stringify(details.counterexample)
  return { runs: details.numRuns, failure: `${message} (seed ${details.seed}) ${example}` }
}
