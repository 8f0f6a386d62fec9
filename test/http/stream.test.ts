import net from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, expect, it } from 'vitest'
import { bearer, get, openStream, type Stream } from './client.ts'
import { digest, keys, keyTables, type Running, start } from './parts.ts'

let running: Running | undefined
afterEach(async () => {
  await running?.server.close()
  running = undefined
})

const generous = { rate_limit_requests: 100_000 }

function emit(running: Running, i: number, more = ''): void {
  running.events.emit({
    event: 'license_server.up',
    msg: `number ${i}${more}`,
    attributes: { server: i % 2 ? 'odd' : 'even' },
  })
}

/** What is held, not what waits to be collected. */
function memory(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

const numberOf = ({ data }: Stream['events'][number]) => Number(/\d+/.exec(String(data.msg))![0])

it('a hundred clients get every event in order while one that never reads is cut', async () => {
  running = await start({ api: generous })
  const { port } = running.server.address
  const deaf = net.connect({ port, host: '127.0.0.1' })
  deaf.write('GET /stream/events HTTP/1.1\r\nHost: localhost\r\n\r\n')
  deaf.on('error', () => {})
  deaf.pause()
  const streams = await Promise.all(Array.from({ length: 100 }, () => openStream(running!.url)))
  const before = memory()
  const count = 300
  // A socket that nobody reads swallows a little more than 4 MB.
  const filler = 'x'.repeat(200_000)
  for (let i = 0; i < count; i++) {
    emit(running, i, i < 40 ? filler : '')
    if (i % 10 === 0) await new Promise(resolve => setTimeout(resolve, 20))
  }
  await Promise.all(streams.map(stream => stream.until(count)))
  for (const { events } of streams) {
    expect(events.map(numberOf)).toEqual(Array.from({ length: count }, (_, i) => i))
  }
  const ended = async () => (await running!.counted()).get('GET /stream/events 200')
  await expect.poll(ended, { timeout: 21_000, interval: 200 }).toBe(1)
  for (const stream of streams) expect(stream.closed).toBe(false)
  expect(memory() - before).toBeLessThan(100e6)
  for (const stream of streams) stream.close()
  deaf.destroy()
}, 60_000)

it('Last-Event-ID brings what was missed, once and in order', async () => {
  running = await start({ api: generous })
  for (let i = 0; i < 10; i++) emit(running, i)
  const stream = await openStream(running.url, {
    'last-event-id': running.events.recent()[6]!.id,
  })
  emit(running, 10)
  await stream.until(4)
  expect(stream.events.map(numberOf)).toEqual([7, 8, 9, 10])
  const forgotten = await openStream(running.url, { 'last-event-id': 'of-another-life' })
  await forgotten.until(11)
  expect(forgotten.events).toHaveLength(11)
  stream.close()
  forgotten.close()
})

it('a filter leaves the others out', async () => {
  running = await start({ api: generous })
  const stream = await openStream(running.url, {}, '/stream/events?server=odd')
  for (let i = 0; i < 6; i++) emit(running, i)
  await stream.until(3)
  expect(stream.events.map(({ data }) => data.server)).toEqual(['odd', 'odd', 'odd'])
  stream.close()
})

it('more clients than the bound get 503, and a place that is left is free again', async () => {
  running = await start({ api: generous })
  const streams = await Promise.all(Array.from({ length: 128 }, () => openStream(running!.url)))
  const refused = await get(running.url, '/stream/events')
  expect(refused.status).toBe(503)
  expect(refused.headers['retry-after']).toBe('30')
  streams[0]!.close()
  await expect
    .poll(async () => {
      const one = await openStream(running!.url)
      one.close()
      return one.status
    })
    .toBe(200)
  expect((await get(running.url, '/livez')).status).toBe(200)
  for (const stream of streams) stream.close()
})

it('a client whose key is taken away is sent off, the others stay', async () => {
  running = await start({ api: { ...generous, keys: keyTables } })
  const gone = await openStream(running.url, bearer(keys.reader))
  const stays = await openStream(running.url, bearer(keys.people))
  const other = { ...keyTables[0], sha256: digest('rotated') }
  await running.set({ api: { ...generous, keys: [other, keyTables[2]] } })
  await gone.until(1)
  expect(gone.closed).toBe(true)
  emit(running, 1)
  await stays.until(1)
  expect(stays.events).toHaveLength(1)
  stays.close()
})
