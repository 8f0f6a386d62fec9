import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { decode } from '../../exporter/managers/decode.ts'
import { rlm } from '../../exporter/managers/rlm/index.ts'
import { sesinetd } from '../../exporter/managers/sesinetd/index.ts'
import type { LogEntry, Snapshot } from '../../exporter/model.ts'
import { captures } from '../corpus/sidecar.ts'
import { fixtures } from '../fixtures.ts'

const now = new Date('2026-11-22T12:00:00Z')
const both = { rlm, sesinetd }
type Name = keyof typeof both

function read(manager: Name, text: string, kind: string): Snapshot {
  const server = both[manager].server.parse({ name: 'one', manager, read: '/one' })
  const output = { text: kind, stdout: Buffer.from(text), stderr: '', exitCode: undefined, at: now }
  const context = { now, timeZone: 'UTC', server }
  return both[manager].parse([output], context as never)
}

/** Everything that is no name. */
function shape(snapshot: Snapshot) {
  return {
    status: { up: snapshot.status.up, version: snapshot.status.version },
    members: snapshot.members.map(({ name: _, error, ...rest }) => ({ ...rest, error: !error })),
    daemons: snapshot.daemons.map(({ error, ...rest }) => ({ ...rest, error: !error })),
    features: snapshot.features,
    pools: snapshot.pools,
    checkouts: snapshot.checkouts.map(({ user, host, ...rest }) => ({
      ...rest,
      named: [user !== undefined, host !== undefined],
    })),
    unparsed: snapshot.unparsed.map(({ section }) => section),
  }
}

/** Who and where: none of them may be left. */
function names(snapshot: Snapshot): string[] {
  const { checkouts, members, features } = snapshot
  const products = new Set(features.map(({ name }) => name))
  return [...checkouts.flatMap(({ user, host }) => [user, host]), ...members.map(one => one.name)]
    .filter((name): name is string => name !== undefined && name.length > 2 && !products.has(name))
    .filter(name => !/^https:\/\/www\.sidefx\.com/.test(name))
}

const texts = [
  ...fixtures()
    .filter(({ manager, throws }) => manager in both && !throws)
    .map(one => ({
      manager: one.manager as Name,
      name: `${one.manager}/${one.name}`,
      bytes: one.outputs[0]?.stdout as Buffer,
    })),
  ...['rlm-rlmstat', 'rlm-html'].flatMap(folder =>
    captures(folder).map(({ name, bytes }) => ({ manager: 'rlm' as const, name, bytes })),
  ),
  ...captures('synthetic', name => name.startsWith('sesi')).map(({ name, bytes }) => ({
    manager: 'sesinetd' as const,
    name,
    bytes,
  })),
]

describe('an anonymised text tells the same facts and no name', () => {
  test.each(texts.map(one => [one.name, one] as const))('%s', (_, { manager, bytes }) => {
    const text = decode(bytes)
    const kind = both[manager].recognise(text)
    if (kind === undefined) return
    const anonymised = both[manager].anonymise?.(text, kind) ?? ''
    expect(both[manager].recognise(anonymised)).toBe(kind)
    const before = read(manager, text, 'auto')
    expect(shape(read(manager, anonymised, 'auto'))).toEqual(shape(before))
    const words = new Set(anonymised.split(/[^\p{L}\p{N}._-]+/u))
    for (const name of names(before)) expect(words).not.toContain(name)
  })

  test('a license file', () => {
    const path = fileURLToPath(
      new URL('../fixtures/rlm/license-file/inkworks.lic', import.meta.url),
    )
    const text = readFileSync(path, 'utf8')
    const anonymised = rlm.anonymise?.(text, 'license_file') ?? ''
    expect(shape(read('rlm', anonymised, 'license_file'))).toEqual(
      shape(read('rlm', text, 'license_file')),
    )
    for (const secret of ['lic1', '0050568a1b2c', '60PG4', '60P045145JSKE']) {
      expect(anonymised).not.toContain(secret)
    }
  })

  const root = fileURLToPath(new URL('../fixtures', import.meta.url))
  const logs = (['rlm', 'sesinetd'] as const).flatMap(manager =>
    readdirSync(join(root, manager, 'logs'))
      .filter(name => !name.endsWith('.json'))
      .map(name => [manager, name] as const),
  )

  test.each(logs)('%s log %s', (manager, name) => {
    const text = readFileSync(join(root, manager, 'logs', name), 'utf8')
    const kind = both[manager].recognise(text) ?? ''
    const anonymised = both[manager].anonymise?.(text, kind) ?? ''
    const entries = (one: string) => {
      const reader = both[manager].logReader?.({ now, timeZone: 'UTC' })
      return one
        .split('\n')
        .map(line => reader?.read(line))
        .filter((entry): entry is LogEntry => entry !== undefined)
    }
    const bare = (entry: LogEntry) =>
      'user' in entry || 'host' in entry
        ? { ...entry, user: !entry.user, host: !entry.host }
        : entry
    expect(entries(anonymised).map(bare)).toEqual(entries(text).map(bare))
    for (const secret of ['ann', 'joe', 'render@', 'farm-001', 'ws-014', 'o@brien', 'film']) {
      expect(anonymised).not.toContain(secret)
    }
  })
})
