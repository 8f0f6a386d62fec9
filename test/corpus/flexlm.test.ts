import { afterAll, describe, expect, test } from 'vitest'
import { ExporterError } from '../../exporter/errors.ts'
import { flexlm } from '../../exporter/managers/flexlm/index.ts'
import type { Snapshot } from '../../exporter/model.ts'
import { statusFacts } from './flexlm-facts.ts'
import { licenseFacts } from './flexlm-license-facts.ts'
import { listFacts } from './flexlm-list-facts.ts'
import { logFacts } from './flexlm-log-facts.ts'
import { type Capture, captures, corpusIsThere, Facts, noCorpus } from './sidecar.ts'

const totals = new Map<string, { facts: number; captures: number }>()
const skipped = new Set<string>()

function read({ bytes, expect: sidecar }: Capture): Snapshot {
  const now = new Date(`${sidecar.captured_at_local ?? '2026-11-22T12:00'}Z`)
  const server = flexlm.server.parse({ name: 'capture', manager: 'flexlm', read: '/capture' })
  const output = { text: 'auto', stdout: bytes, stderr: '', exitCode: undefined, at: now }
  return flexlm.parse([output], { now, timeZone: 'UTC', server })
}

function compare(kind: string, one: Capture, how: (facts: Facts) => void): void {
  const facts = new Facts()
  how(facts)
  expect(facts.broken).toEqual([])
  expect(facts.held).toBeGreaterThan(0)
  const total = totals.get(kind) ?? { facts: 0, captures: 0 }
  totals.set(kind, { facts: total.facts + facts.held, captures: total.captures + 1 })
  for (const key of facts.skippedKeys) skipped.add(key)
  expect(one.name).toBeTruthy()
}

function each(list: Capture[], kind: string, how: (facts: Facts, one: Capture) => void): void {
  test.each(list.map(one => [one.name, one] as const))('%s', (_, one) => {
    compare(kind, one, facts => how(facts, one))
  })
}

const isText = (name: string) => name.startsWith('lmstat-')
const isLog = (name: string) => name.startsWith('flexlm-') && name.endsWith('.log')

describe.skipIf(!corpusIsThere)('every fact of the FlexLM captures holds', () => {
  afterAll(() => {
    for (const [kind, { facts, captures: files }] of totals) {
      console.log(`flexlm ${kind}: ${facts} facts of ${files} captures compared, all held`)
    }
    console.log(`skipped keys: ${[...skipped].sort().join(', ')}`)
  })

  each([...captures('flexlm-lmstat'), ...captures('synthetic', isText)], 'status', (facts, one) => {
    if (one.expect.lmstat_version !== undefined) {
      // `lmstat -v` alone: no status, and no crash.
      facts.equal(
        one.name,
        errorOf(() => read(one)),
        'unreadable',
      )
      return
    }
    statusFacts(facts, one.name, one.expect, read(one))
  })
  const others = [
    'dsls',
    'lmx',
    'lsdyna',
    'olicense',
    'rlm-html',
    'rlm-log',
    'rlm-rlmstat',
    'sesinetd',
  ]
  test.each(others.flatMap(folder => captures(folder)).map(one => [one.name, one] as const))(
    '%s is no text of FlexLM',
    (_, one) => {
      expect(errorOf(() => read(one))).toBe('unreadable')
    },
  )
  each(captures('flexlm-lmstat-i'), 'feature list', (facts, one) => {
    listFacts(facts, one.name, one.expect, read(one))
  })
  each(captures('flexlm-license'), 'license file', (facts, one) => {
    licenseFacts(facts, one.name, one.expect, one.bytes, read(one))
  })
  each([...captures('flexlm-log'), ...captures('synthetic', isLog)], 'log', (facts, one) => {
    logFacts(facts, one.name, one.expect, one.bytes)
  })
})

if (!corpusIsThere) test.skip(noCorpus, () => {})

function errorOf(run: () => unknown): string {
  try {
    run()
    return 'no error'
  } catch (error) {
    return error instanceof ExporterError ? error.code : String(error)
  }
}
