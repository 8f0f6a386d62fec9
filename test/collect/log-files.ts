import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { TailEntry } from '../../exporter/collect/log-position.ts'
import { createTail, type Tail, type TailOptions } from '../../exporter/collect/tail.ts'
import type { LogReader } from '../../exporter/managers/manager.ts'
import type { Logger } from '../../exporter/parts.ts'

export function folder(): string {
  return mkdtempSync(join(tmpdir(), 'tail-'))
}

const open: Tail[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map(tail => tail.close()))
})

export const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {} }

/** Understands `OUT <feature>`: a checkout; anything else is no entry. Its state is the last line. */
export function lineReader(): LogReader & { last: string } {
  return {
    last: '',
    lastAt: undefined,
    read(line) {
      this.last = line
      const [, feature] = /^OUT (.+)$/.exec(line) ?? []
      if (feature === undefined) return undefined
      return { kind: 'checkout', at: 0, vendor: 'acme', feature, seats: 1 }
    },
    state() {
      return { last: this.last }
    },
    restore(state) {
      this.last = (state as { last: string }).last
    },
  }
}

export interface Followed {
  tail: Tail
  features: string[]
  entries: TailEntry[]
  problems: (string | undefined)[]
  /** Reads until nothing is left. */
  readAll(): Promise<string[]>
}

export function follow(paths: string[], options: Partial<TailOptions> = {}): Followed {
  const entries: TailEntry[] = []
  const features: string[] = []
  const problems: (string | undefined)[] = []
  const tail = createTail({
    server: 'cad',
    paths,
    reader: lineReader,
    onEntries(batch) {
      for (const one of batch) {
        entries.push(one)
        if ('feature' in one.entry) features.push(one.entry.feature)
      }
    },
    onProblem: (_, problem) => problems.push(problem),
    log: quiet,
    ...options,
  })
  open.push(tail)
  return {
    tail,
    features,
    entries,
    problems,
    async readAll() {
      while (await tail.read()) {}
      return features.splice(0)
    },
  }
}
