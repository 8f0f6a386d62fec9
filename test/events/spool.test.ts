import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import type { LicenseEvent } from '../../exporter/catalogue.ts'
import { ExporterError } from '../../exporter/errors.ts'
import type { EventQueue } from '../../exporter/events/queue.ts'
import type { SpoolRecord } from '../../exporter/events/record.ts'
import { openSpool } from '../../exporter/events/spool.ts'
import { killSpool } from '../soak/spool-kill.ts'
import { collector } from './collector.ts'
import { Counts, eventLog, folder, serverDown, until } from './support.ts'

const start = Date.UTC(2026, 0, 5) / 1000

function event(number: number): LicenseEvent {
  return {
    timestamp: new Date(start * 1000).toISOString(),
    level: 'INFO',
    msg: 'x'.repeat(200),
    event: 'license_server.up',
    id: `e${number}`,
    severity: 'info',
  }
}

async function spool(
  path: string,
  { maxBytes = 1024 ** 2, maxAge = 1e9, at = start, idle = false } = {},
): Promise<{ queue: EventQueue; counts: Counts; seen: SpoolRecord[]; warned: string[] }> {
  const counts = new Counts()
  const seen: SpoolRecord[] = []
  const warned: string[] = []
  const queue = await openSpool({
    folder: path,
    maxBytes: () => maxBytes,
    maxAgeSeconds: () => maxAge,
    now: () => new Date(at * 1000),
    dropped: (reason, count) => counts.eventsDropped(reason, count),
    idle: () => idle,
    beforeCut: async () => {},
    onRecord: record => void seen.push(record),
    warn: msg => void warned.push(msg),
  })
  onTestFinished(() => queue.close())
  return { queue, counts, seen, warned }
}

async function fill(queue: EventQueue, from: number, to: number, written = start): Promise<void> {
  for (let i = from; i < to; i++) await queue.append([{ written, event: event(i) }])
}

async function drain(queue: EventQueue, size = 7): Promise<string[]> {
  const ids: string[] = []
  for (;;) {
    const batch = await queue.peek(size)
    if (batch.records.length === 0) return ids
    ids.push(...batch.records.map(one => one.event.id))
    await queue.done(batch)
  }
}

const ids = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `e${from + i}`)

test('events come back in order after a restart', async () => {
  const path = folder()
  const first = await spool(path)
  await fill(first.queue, 0, 20)
  await first.queue.close()
  const second = await spool(path)
  await fill(second.queue, 20, 30)
  expect(second.queue.size).toBe(30)
  expect(second.queue.oldestAt).toBe(start)
  expect(await drain(second.queue)).toEqual(ids(0, 30))
  expect([second.queue.size, second.queue.oldestAt]).toEqual([0, undefined])
})

test('what is sent is not sent again after a restart', async () => {
  const path = folder()
  const first = await spool(path)
  await fill(first.queue, 0, 20)
  await first.queue.done(await first.queue.peek(15))
  await first.queue.close()
  expect(await drain((await spool(path)).queue)).toEqual(ids(15, 20))
})

test('sent files go, and the folder stays small', async () => {
  const path = folder()
  const { queue } = await spool(path, { maxBytes: 65_536 })
  for (let round = 0; round < 20; round++) {
    await fill(queue, round * 20, round * 20 + 20)
    await drain(queue)
  }
  await until(() => readdirSync(path).filter(name => name.endsWith('.log')).length <= 2)
})

test('the oldest events are dropped and counted where the spool is too large', async () => {
  const { queue, counts, warned } = await spool(folder(), { maxBytes: 65_536 })
  await fill(queue, 0, 500)
  await until(() => queue.bytes <= 65_536)
  const left = await drain(queue)
  expect(left.at(-1)).toBe('e499')
  expect(left).toEqual(ids(500 - left.length, 500))
  expect(counts.dropped).toEqual({ size: 500 - left.length })
  expect(warned).toContain('The spool is full: its oldest events are dropped')
})

test('events that waited too long are dropped and counted', async () => {
  const path = folder()
  const first = await spool(path)
  await fill(first.queue, 0, 5)
  await fill(first.queue, 5, 8, start + 1000)
  await first.queue.close()
  const { queue, counts } = await spool(path, { maxAge: 600, at: start + 900 })
  expect(await drain(queue)).toEqual(ids(5, 8))
  expect(counts.dropped).toEqual({ age: 5 })
})

test('damage in the middle costs the damaged events only, and they are counted', async () => {
  const path = folder()
  const first = await spool(path)
  await fill(first.queue, 0, 30)
  await first.queue.close()
  const file = join(path, '00000001.log')
  const bytes = readFileSync(file)
  const lines = bytes.toString().split('\n')
  const offset = lines.slice(0, 11).join('\n').length + 20
  // Over the end of one line and into the next: a newline is lost too.
  bytes.fill(0, offset, offset + lines[12]!.length)
  writeFileSync(file, bytes)
  const { queue, counts } = await spool(path)
  const left = await drain(queue)
  expect(counts.dropped).toEqual({ corrupt: 30 - left.length })
  expect(left).toEqual([...ids(0, 10), ...ids(12, 30)])
})

test('a line that was cut short at the end was never taken and is no loss', async () => {
  const path = folder()
  const first = await spool(path)
  await fill(first.queue, 0, 3)
  await first.queue.close()
  const file = join(path, '00000001.log')
  const bytes = readFileSync(file)
  writeFileSync(file, bytes.subarray(0, bytes.length - 30))
  const { queue, counts } = await spool(path)
  await fill(queue, 9, 10)
  expect(await drain(queue)).toEqual(['e0', 'e1', 'e9'])
  expect(counts.dropped).toEqual({})
})

test('a spool of a newer version is refused with a sentence', async () => {
  const path = folder()
  writeFileSync(join(path, '00000001.log'), '{"spool":2}\nwhatever\n')
  await expect(spool(path)).rejects.toThrow(
    expect.objectContaining({
      constructor: ExporterError,
      code: 'config',
      message: expect.stringContaining('written by a newer version of the exporter (format 2'),
    }),
  )
})

test('a file that somebody took away is counted and does not stop the others', async () => {
  const path = folder()
  const { queue, counts } = await spool(path)
  await fill(queue, 0, 4)
  execFileSync('rm', [join(path, '00000001.log')])
  expect(await drain(queue)).toEqual([])
  expect(counts.dropped).toEqual({ corrupt: 4 })
})

test('without a collector the spool is a journal that does not grow', async () => {
  const { queue } = await spool(folder(), { idle: true, maxBytes: 65_536 })
  await fill(queue, 0, 100)
  expect(queue.size).toBe(0)
})

test('10,000 events of an hour without a collector arrive whole, in order and once', async () => {
  const target = await collector([503])
  onTestFinished(() => target.close())
  let now = Date.UTC(2026, 0, 5)
  const clock = {
    now: () => new Date(now),
    sleep: async (ms: number) => {
      // An hour passes while the sender waits: in steps of its own back-off.
      now += ms
      await new Promise(done => setTimeout(done, 2))
    },
  }
  const { log, counts } = await eventLog({ url: target.url, stateDir: folder(), clock })
  const sent: string[] = []
  for (let i = 0; i < 10_000; i++) {
    sent.push(log.emit(serverDown(`s${i % 7}`, String(i))).id)
    if (i % 100 === 0) await log.flush()
  }
  await log.flush()
  await until(() => now > Date.UTC(2026, 0, 5, 1), 25_000)
  target.answers = [200]
  await until(() => target.received.length >= 10_000, 25_000)
  expect(target.received.map(({ id }) => id)).toEqual(sent)
  expect(counts.dropped).toEqual({})
}, 60_000)

test('an event that was taken is sent by the next process', async () => {
  const stateDir = folder()
  const first = await eventLog({ url: 'http://127.0.0.1:9', stateDir })
  const { id } = first.log.emit(serverDown('cad'))
  await first.log.close()
  const target = await collector([200])
  onTestFinished(() => target.close())
  await eventLog({ url: target.url, stateDir })
  await until(() => target.received.length === 1)
  expect(target.received[0]?.id).toBe(id)
})

test('announced states and log positions come back: state file, then later records', async () => {
  const stateDir = folder()
  const first = await eventLog({ url: 'http://127.0.0.1:9', stateDir })
  first.log.keep({
    announced: () => ({ cad: { server: { state: 'up', sequence: 1 } } }),
    positions: () => ({ cad: [{ offset: 1 }] }),
  })
  await first.log.checkpoint()
  first.log.emit(serverDown('cad'), {
    id: 'one',
    announced: { server: 'cad', subjects: { server: { state: 'down:connect', sequence: 2 } } },
    origin: { server: 'cad', path: '/l', fingerprint: 'f', offset: 5, resume: [{ offset: 9 }] },
  })
  await first.log.flush()
  // No end: as after kill -9.
  const second = await eventLog({ url: 'http://127.0.0.1:9', stateDir })
  expect(second.log.restored).toMatchObject({
    announced: { cad: { server: { state: 'down:connect', sequence: 2 } } },
    positions: { cad: [{ offset: 9 }] },
  })
  expect(second.log.emit(serverDown('cad'), { id: 'one' }).id).toBe('one')
  expect(second.stdout).toEqual([])
})

test('a damaged state file is put aside and said', async () => {
  const stateDir = folder()
  writeFileSync(join(stateDir, 'events-state.json'), '{"version":1,"thr')
  const { log, logged } = await eventLog({ stateDir })
  expect(log.restored).toMatchObject({ announced: {}, positions: {} })
  expect(logged.join('')).toContain('damaged')
  expect(readdirSync(stateDir)).toContain('events-state.json.damaged')
})

test('without a state_dir events wait in a bounded memory, with a warning', async () => {
  const { log, counts, logged } = await eventLog({ url: 'http://127.0.0.1:9' })
  for (let i = 0; i < 10_300; i++) log.emit(serverDown('a', String(i)))
  await log.flush()
  expect(counts.dropped).toEqual({ queue: 300 })
  expect(logged.join('')).toContain('Without state_dir')
})

const mounted = tmpfs()
test.skipIf(!mounted)(
  mounted
    ? 'a full disk drops and counts the newest events, and monitoring goes on'
    : 'skipped: no right to mount a small file system; a full disk is not tried here',
  async () => {
    const stateDir = join(mounted as string, 'state')
    mkdirSync(stateDir)
    const target = await collector([503])
    onTestFinished(() => target.close())
    const { log, counts, stdout } = await eventLog({ url: target.url, stateDir })
    for (let i = 0; i < 3000; i++) {
      log.emit(serverDown('cad', `${i} ${'x'.repeat(300)}`))
      if (i % 50 === 0) await log.flush()
    }
    await log.flush()
    const dropped = counts.dropped.disk ?? 0
    expect(dropped).toBeGreaterThan(0)
    expect(stdout).toHaveLength(3000)
    target.answers = [200]
    await until(() => target.received.length === 3000 - dropped, 25_000)
    const numbers = target.received.map(one => Number.parseInt(String(one.attributes.reason), 10))
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
    expect(numbers[0]).toBe(0)
    // What was sent made room: new events are taken again.
    const { id } = log.emit(serverDown('cad', 'after'))
    await until(() => target.received.some(one => one.id === id))
  },
  60_000,
)

/** A file system of 512 KiB. */
function tmpfs(): string | undefined {
  const path = folderForMount()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', path], { stdio: 'ignore' })
    afterAll(() => {
      execFileSync('umount', ['-l', path])
      rmdirSync(path)
    })
    return path
  } catch {
    return undefined
  }
}

function folderForMount(): string {
  return execFileSync('mktemp', ['-d']).toString().trim()
}

const kills = process.env.CI ? 50 : 6
test(`a process that is killed ${kills} times at random loses no event that was on disk`, async () => {
  const result = await killSpool(kills)
  expect(result).toMatchObject({ lost: 0, outOfOrder: 0, changed: 0, dropped: [] })
  expect(result.taken).toBeGreaterThan(kills * 5)
}, 400_000)
