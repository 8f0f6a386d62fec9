import { describe, expect, test } from 'vitest'
import { decode } from '../../exporter/managers/decode.ts'
import { poolId } from '../../exporter/managers/pool-id.ts'
import { sesinetd } from '../../exporter/managers/sesinetd/index.ts'
import type { GroupPeak, LogEntry, Snapshot } from '../../exporter/model.ts'
import { type Capture, captures, corpusIsThere, Facts, noCorpus } from './sidecar.ts'

const timeZone = 'UTC'
const now = new Date('2026-03-05T12:00:00Z')
const facts = new Facts()

/** Told about the capture, not by it, or without a series. */
const about = ['format', 'provenance', 'source', 'notable', 'accept', 'features_total']

// biome-ignore lint/suspicious/noExplicitAny: sidecars are data of many shapes.
type Sidecar = any

function read(bytes: Buffer): Snapshot {
  const server = sesinetd.server.parse({ name: 'capture', manager: 'sesinetd', read: '/capture' })
  const output = { text: 'auto', stdout: bytes, stderr: '', exitCode: undefined, at: now }
  return sesinetd.parse([output], { now, timeZone, server })
}

function compareSnapshot({ name, bytes, expect: told }: Capture): void {
  const got = read(bytes)
  const keys = ['servers', 'features', 'checkouts_total', 'checkouts_sample', 'errors', 'usage']
  facts.keys(name, told, keys, about)
  if (told.errors) {
    facts.equal(
      `${name} errors`,
      got.members.filter(({ error }) => error).length,
      told.errors.length,
    )
  }
  facts.equal(`${name} up`, got.status.up, true)
  compareServers(name, got, told.servers)
  const features: Sidecar[] = told.features ?? []
  facts.equal(`${name} pools`, got.pools.length, features.length)
  for (const one of features) compareLicense(`${name} ${one.id}`, got, one)
  for (const feature of got.features) {
    const licenses = features.filter(one => one.name === feature.name)
    const sum = (key: string) => licenses.reduce((total, one) => total + one[key], 0)
    facts.equal(`${name} ${feature.name} issued`, feature.issued, sum('issued'))
    facts.equal(`${name} ${feature.name} used`, feature.used, sum('used'))
  }
  compareCheckouts(name, got, told)
  facts.equal(`${name} unparsed`, got.unparsed, [])
}

function compareServers(name: string, got: Snapshot, told: Sidecar[]): void {
  facts.equal(`${name} members`, got.members.length, told.length)
  told.forEach((one, index) => {
    const member = got.members[index]
    const skipped = ['total_ms', 'connect_ms']
    facts.keys(`${name} servers`, one, ['host', 'port', 'status', 'version'], skipped)
    facts.equal(`${name} host`, member?.name, one.host)
    if (one.port) facts.equal(`${name} port`, member?.port, one.port)
    if (one.status) facts.equal(`${name} status`, member?.up ? 'UP' : 'DOWN', one.status)
    if (one.version) {
      facts.equal(`${name} version`, member?.version, one.version)
      facts.equal(`${name} server version`, got.status.version, one.version)
    }
  })
}

function compareLicense(path: string, got: Snapshot, one: Sidecar): void {
  const keys = ['id', 'name', 'version', 'issued', 'used', 'free', 'expires', 'disabled']
  facts.keys(path, one, [...keys, 'error', 'servable'], ['platform'])
  const id = poolId('sidefx', one.name, one.version, one.expires ?? '', one.id)
  const pool = got.pools.find(known => known.id === id)
  facts.equal(`${path} pool`, pool?.feature, one.name)
  facts.equal(`${path} version`, pool?.version, one.version)
  facts.equal(`${path} seats`, pool?.seats, one.issued)
  facts.equal(`${path} used`, pool?.used, one.used)
  if (one.free !== undefined) {
    facts.equal(`${path} free`, (pool?.seats ?? 0) - (pool?.used ?? 0), one.free)
  }
  if (one.expires) {
    const at = Date.parse(`${one.expires}T23:59:59Z`) / 1000
    facts.equal(`${path} expires`, pool?.expiresAt, at)
  }
  const problems = got.features.find(({ name }) => name === one.name)?.problems ?? []
  if (one.disabled) facts.equal(`${path} disabled`, problems.includes('disabled'), true)
  if (one.error) facts.equal(`${path} error`, problems.includes('expired'), true)
  if (one.servable === false) facts.equal(`${path} servable`, problems.length > 0, true)
}

function compareCheckouts(name: string, got: Snapshot, told: Sidecar): void {
  if (told.checkouts_total !== undefined) {
    facts.equal(`${name} checkouts`, got.checkouts.length, told.checkouts_total)
  }
  const sample: Sidecar[] = told.checkouts_sample ?? []
  sample.forEach((one, index) => {
    facts.keys(`${name} checkouts_sample`, one, ['feature', 'user', 'host', 'start'], [])
    // "checkouts_sample: first three and last".
    const checkout = index === 3 ? got.checkouts.at(-1) : got.checkouts[index]
    for (const key of ['feature', 'user', 'host'] as const) {
      facts.equal(`${name} checkout ${index} ${key}`, checkout?.[key], one[key])
    }
    const start = Date.parse(`${one.start.replaceAll('/', '-').replace(' ', 'T')}Z`) / 1000
    facts.equal(`${name} checkout ${index} start`, checkout?.startedAt, start)
  })
}

function compareUsage({ name, bytes, expect: told }: Capture): void {
  const entries = logEntries(bytes)
  const usage = told.usage
  const skipped = ['requests', 'queue_peak']
  const groups = ['houdini', 'nongraphic', 'render']
  const peaks = groups.map(group => `peak_${group}`)
  facts.keys(`${name} usage`, usage, [...groups, ...peaks, 'time', 'queue_fail'], skipped)
  const peak = entries.find(entry => entry.kind === 'peak')
  facts.equal(`${name} time`, peak?.at, Date.parse(`${usage.time}Z`) / 1000)
  const all: GroupPeak[] = peak ? [peak, ...(peak.others ?? [])] : []
  for (const group of groups) {
    const one = all.find(known => known.group.toLowerCase() === group)
    facts.equal(`${name} used ${group}`, one?.used, usage[group])
    facts.equal(`${name} peak ${group}`, one?.peak, usage[`peak_${group}`])
  }
  const refused = entries.find(entry => entry.kind === 'refused_total')
  facts.equal(`${name} queue_fail`, refused?.total, usage.queue_fail)
  facts.equal(`${name} kind`, sesinetd.recognise(decode(bytes)), 'log')
}

function logEntries(bytes: Buffer): LogEntry[] {
  const reader = sesinetd.logReader?.({ now, timeZone })
  return decode(bytes)
    .split(/\r?\n/)
    .map(line => reader?.read(line))
    .filter((entry): entry is LogEntry => entry !== undefined)
}

describe.runIf(corpusIsThere)('the captures of sesinetd', () => {
  test('hold in every fact', () => {
    const all = [
      ...captures('sesinetd', name => !name.startsWith('webhook')),
      ...captures('synthetic', name => name.startsWith('sesi')),
    ]
    all.forEach(compareSnapshot)
    all.filter(one => one.expect.usage).forEach(compareUsage)
    expect(all.length).toBeGreaterThanOrEqual(5)
    const skipped = [...facts.skippedKeys].sort().join(', ')
    console.log(
      `sesinetd: ${facts.held} facts held, ${facts.broken.length} broken; skipped ${skipped}`,
    )
    expect(facts.broken).toEqual([])
  })

  test('do not hold a text that is sent to a webhook, which no reading asks for', () => {
    const [webhook] = captures(
      'sesinetd',
      name => name.startsWith('webhook') && name.endsWith('.json'),
    )
    expect(() => read(webhook?.bytes ?? Buffer.from(''))).toThrow(
      expect.objectContaining({ code: 'unreadable' }),
    )
  })
})

if (!corpusIsThere) test.skip(noCorpus, () => {})
