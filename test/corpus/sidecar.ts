import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'

/** Real captures beside the checkout, with the facts that a correct parser yields; never part of it. */
export const corpusFolder = fileURLToPath(new URL('../../../shared/corpus', import.meta.url))
export const corpusIsThere = existsSync(corpusFolder)
export const noCorpus = `skipped: no captures at ${corpusFolder}; the project's own fixtures stand for them`

export interface Capture {
  name: string
  bytes: Buffer
  // biome-ignore lint/suspicious/noExplicitAny: sidecars are data of many shapes; keys are checked below.
  expect: any
}

/** Every capture of one folder of the corpus that `pick` takes. */
export function captures(folder: string, pick: (name: string) => boolean = () => true): Capture[] {
  if (!corpusIsThere) return []
  const path = join(corpusFolder, folder)
  return readdirSync(path)
    .filter(name => !name.endsWith('.expect.json') && pick(name))
    .map(name => ({
      name: `${folder}/${name}`,
      bytes: readFileSync(join(path, name)),
      expect: JSON.parse(
        readFileSync(join(path, name.replace(/\.[^.]+$/, '.expect.json')), 'utf8'),
      ),
    }))
}

/** Compares facts, counts them, and keeps what does not hold with its path. */
export class Facts {
  held = 0
  readonly broken: string[] = []
  readonly skippedKeys = new Set<string>()

  equal(path: string, actual: unknown, expected: unknown): void {
    if (isDeepStrictEqual(actual, expected)) this.held++
    else
      this.broken.push(`${path}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`)
  }

  /** Every key of a sidecar is compared or skipped on purpose; one that is neither is broken. */
  keys(path: string, value: object, compared: readonly string[], skipped: readonly string[]): void {
    for (const key of Object.keys(value)) {
      if (compared.includes(key)) continue
      if (skipped.includes(key)) this.skippedKeys.add(key)
      else this.broken.push(`${path}.${key}: the test does not know this key`)
    }
  }
}
