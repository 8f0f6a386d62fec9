import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { pseudonyms } from '../../exporter/managers/anonymise.ts'
import { decode } from '../../exporter/managers/decode.ts'
import { flexlm } from '../../exporter/managers/flexlm/index.ts'
import type { LogEntry, Snapshot } from '../../exporter/model.ts'
import { captures } from '../corpus/sidecar.ts'
import { fixtures } from '../fixtures.ts'

const now = new Date('2026-03-02T11:05:00Z')
const server = flexlm.server.parse({ name: 's', manager: 'flexlm', read: '/r' })
const length = (name: string | undefined) => name?.length

function read(text: string): Snapshot | string {
  const output = { text: 'auto', stdout: Buffer.from(text), stderr: '', exitCode: 0, at: now }
  try {
    return flexlm.parse([output], { now, timeZone: 'UTC', server })
  } catch (error) {
    return String(error)
  }
}

/** Everything but names, of which the length stays. */
function facts(text: string): unknown {
  const snapshot = read(text)
  if (typeof snapshot === 'string') return 'unreadable'
  return {
    ...snapshot,
    members: snapshot.members.map(member => ({ ...member, name: length(member.name) })),
    features: snapshot.features.map(feature => ({
      ...feature,
      reservations: feature.reservations.map(one => ({ ...one, name: length(one.name) })),
    })),
    checkouts: snapshot.checkouts.map(one => ({
      ...one,
      user: length(one.user),
      host: length(one.host),
      display: length(one.display),
    })),
    unparsed: snapshot.unparsed.map(({ section }) => section),
  }
}

function names(text: string): string[] {
  const snapshot = read(text)
  if (typeof snapshot === 'string') return []
  const all = [
    ...snapshot.members.map(({ name }) => name),
    ...snapshot.features.flatMap(({ reservations }) => reservations.map(({ name }) => name)),
    ...snapshot.checkouts.flatMap(({ user = '', host = '', display = '' }) => [
      user,
      host,
      display,
    ]),
  ]
  const told = new Set(snapshot.features.flatMap(({ vendor, name }) => [vendor, name]))
  return all.filter(name => /[\p{L}]/u.test(name) && name.length > 4 && !told.has(name)).map(strip)
}

/** A device stays; so does the name of a feature that a token was used for. */
function strip(name: string): string {
  return name.replace(/^\/dev\/.*|\b[A-Z]\w*:\w+$|^:\d.*/g, '').trim() || '\u0000'
}

const texts = [
  ...fixtures()
    .filter(one => one.manager === 'flexlm')
    .flatMap(one => one.outputs.map(({ stdout }) => [one.name, decode(stdout)] as const)),
  ...[
    ...captures('flexlm-lmstat'),
    ...captures('flexlm-lmstat-i'),
    ...captures('flexlm-license'),
    ...captures('synthetic', name => name.startsWith('lmstat') && !name.includes('huge')),
  ].map(({ name, bytes }) => [name, decode(bytes)] as const),
]

describe('an anonymised text tells the same facts and no name', () => {
  test.each(texts)('%s', (_, text) => {
    const made = flexlm.anonymise!(text, 'auto')
    expect(facts(made)).toEqual(facts(text))
    for (const name of names(text)) expect(made).not.toContain(name)
    // Whatever the answer said of paths and signatures is gone.
    expect(made).not.toMatch(/vendor_string: (?!removed)|SIGN="|\/opt\/flexlm|C:\\/)
  })
})

const folder = fileURLToPath(new URL('../fixtures/flexlm/logs', import.meta.url))

function entries(text: string): LogEntry[] {
  const reader = flexlm.logReader!({ now, timeZone: 'UTC' })
  const found = text.split('\n').flatMap(line => reader.read(line) ?? [])
  return [...found, ...(reader.end?.() ?? [])]
}

test.each(readdirSync(folder).filter(name => name.endsWith('.log')))(
  'the anonymised log %s has the same entries and no name',
  name => {
    const text = decode(readFileSync(join(folder, name)))
    const made = flexlm.anonymise!(text, 'log')
    const plain = (entry: LogEntry) =>
      'feature' in entry ? { ...entry, user: length(entry.user), host: length(entry.host) } : entry
    expect(entries(made).map(plain)).toEqual(entries(text).map(plain))
    for (const entry of entries(text)) {
      if (!('feature' in entry)) continue
      if (entry.user) expect(made).not.toMatch(new RegExp(`\\b${entry.user}\\b(?!_)`))
      if (entry.host) expect(made).not.toContain(`@${entry.host}`)
    }
  },
)

describe('pseudonyms', () => {
  const pseudonym = pseudonyms('some text')

  test('letters stay letters of their case, digits digits, the rest stays', () => {
    expect(pseudonym('Ann-Öl_7.x')).toMatch(/^[A-Z][a-z]{2}-[À-Þ][a-z]_\d\.[a-z]$/)
  })

  test('a name that begins as another does so still, whatever its case', () => {
    expect(pseudonym('PC01:0.0').toLowerCase().startsWith(pseudonym('pc01'))).toBe(true)
  })

  test('two names never meet', () => {
    const made = new Set<string>()
    for (let i = 0; i < 1000; i++) made.add(pseudonym(`u${String(i).padStart(3, '0')}`))
    expect(made.size).toBe(1000)
  })

  test('another text gives other pseudonyms', () => {
    expect(pseudonyms('another text')('elisabeth')).not.toBe(pseudonym('elisabeth'))
  })
})
