import { appendFileSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { requestsOf } from '../../exporter/collect/read-server.ts'
import type { Request } from '../../exporter/managers/manager.ts'
import type { Reading } from '../../exporter/state.ts'
import { freshReading } from '../../exporter/state.ts'
import { folder } from './log-files.ts'
import { cleanUp, poll, until } from './polling.ts'
import { acme, config, type Polled, type ServerTable } from './test-manager.ts'

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  cleanUp.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

async function read(server: Omit<ServerTable, 'name'>): Promise<Reading> {
  const { poller } = poll([{ name: 'cad', ...server }])
  const reading = await poller.readNow('cad')
  if (!reading) throw new Error('no reading')
  return reading
}

/** What the table of docs/metrics.md shows of a reading. */
function shown(reading: Reading): string {
  if ('error' in reading) return `failed: ${reading.error.code}`
  const { status } = reading.snapshot
  return status.up ? 'up' : `down: ${status.reason}`
}

function file(content: string, ageSeconds = 0): string {
  const path = join(folder(), 'input.txt')
  writeFileSync(path, content)
  const then = Date.now() / 1000 - ageSeconds
  utimesSync(path, then, then)
  return path
}

describe('what happened becomes a reading', () => {
  test.each([
    ['answered and serves', { address: 'up' }, 'up'],
    ['answered that it is down', { address: 'down' }, 'down: down'],
    ['refused the connection', { address: 'refused' }, 'down: connect'],
    ['quorum lost', { address: 'quorum' }, 'down: quorum'],
    ['our timeout killed the tool', { address: 'hang', timeout: 0.3 }, 'failed: timeout'],
    ['tool missing', { tool: '/nonexistent/lmutil' }, 'failed: tool_missing'],
    ['text unreadable', { address: 'garbage' }, 'failed: unreadable'],
    ['text that breaks our parser', { address: 'broken' }, 'failed: unreadable'],
    ['input stale', { read: file('UP 10 3', 181) }, 'failed: stale_input'],
    ['output over the limit', { address: 'flood' }, 'failed: output_limit'],
    ['exit code unknown', { address: 'exit' }, 'failed: exit_code'],
  ] as const)('%s', async (_, server, expected) => {
    expect(shown(await read(server))).toBe(expected)
  })

  test('`get` gives no 200', async () => {
    const url = await serve((_, response) => response.writeHead(503).end('UP 10 3'))
    expect(shown(await read({ get: url }))).toBe('failed: fetch')
  })

  test('not read yet', () => {
    const { poller } = poll([{ name: 'cad' }])
    expect(poller.state.servers.get('cad')).toMatchObject({ reading: undefined, good: undefined })
    expect(poller.ready).toBe(false)
  })
})

describe('a text that another job writes', () => {
  test('has the time of its file', async () => {
    const reading = await read({ read: file('UP 10 3', 100) })
    expect(shown(reading)).toBe('up')
    expect((Date.now() - reading.at.getTime()) / 1000).toBeCloseTo(100, 0)
  })

  test('is good for three intervals, or for max_age', async () => {
    expect(shown(await read({ read: file('UP 10 3', 20), interval: 5 }))).toBe(
      'failed: stale_input',
    )
    const path = file('UP 10 3', 2000)
    const { poller } = poll([{ name: 'cad', read: path, max_age: 3600 }])
    await poller.readNow('cad')
    const state = poller.state.servers.get('cad')!
    expect(freshReading(state, new Date())).toBeDefined()
    expect(freshReading(state, new Date(Date.now() + 1700 * 1000))).toBeUndefined()
  })

  test('in a license file beside the server may be of any age', async () => {
    const reading = await read({ license_files: [file('FEATURE', 1e7)] })
    expect(reading).toMatchObject({ snapshot: { features: [{ installed: 1 }, { installed: 1 }] } })
  })

  test('that is a folder or not there is unreadable', async () => {
    expect(shown(await read({ read: folder() }))).toBe('failed: unreadable')
    expect(shown(await read({ read: join(folder(), 'none') }))).toBe('failed: unreadable')
  })

  test('that is just being written is left to the next tick', async () => {
    const path = file('UP 10 3\n')
    const { poller, changes } = poll([{ name: 'cad', read: path, interval: 1 }])
    let writing = true
    const write = () => {
      if (!writing) return
      appendFileSync(path, 'x\n')
      setImmediate(write)
    }
    write()
    expect(await poller.readNow('cad')).toBeUndefined()
    expect(changes).toHaveLength(0)
    writing = false
    await until(() => changes.length > 0)
    expect(shown(changes[0]!.after)).toBe('up')
  })
})

describe('what is asked of a server', () => {
  const all = { tool: '/opt/lmutil', address: '27000@lic1', license_files: ['/opt/acme.lic'] }
  const ask = (table: object) =>
    requestsOf(config([{ name: 'cad', ...all, ...table }]).server[0]!, acme)
  const beside = { read: '/opt/acme.lic', text: 'license_file', beside: true }

  test('is a file or an address in place of the tool, and the license files all the same', () => {
    expect(ask({ read: '/in.txt' })).toEqual([{ read: '/in.txt', text: 'auto' }, beside])
    expect(ask({ get: 'http://lic1/' })).toEqual([{ get: 'http://lic1/', text: 'auto' }, beside])
    expect(ask({})).toEqual([{ run: ['/opt/lmutil', '27000@lic1'], text: 'status' }, beside])
  })

  test('is what a manager makes of the address itself, such as a form', () => {
    const own: Request = { get: 'http://lic1/', text: 'auto', form: { isv: 'acme' } }
    const [server] = config([{ name: 'cad', get: 'http://lic1/' }]).server
    expect(requestsOf(server!, { ...acme, requests: () => [own] })).toEqual([own])
  })
})

describe('a license file beside the server', () => {
  test('that cannot be read is counted, and the reading goes on', async () => {
    const { poller } = poll([{ name: 'cad', license_files: ['/nonexistent/acme.lic'] }])
    const reading = await poller.readNow('cad')
    expect(shown(reading!)).toBe('up')
    expect(reading?.besideErrors).toMatchObject([{ code: 'unreadable' }])
    expect(poller.state.servers.get('cad')?.tally.errors.get('unreadable')).toBe(1)
  })
})

describe('a server', () => {
  test('has every reason of failure counted from 0', async () => {
    const { poller } = poll([{ name: 'cad', address: 'hang', timeout: 0.1 }])
    const { tally } = poller.state.servers.get('cad')!
    expect([...tally.errors.values()]).toEqual([0, 0, 0, 0, 0, 0, 0])
    expect([...tally.unparsed]).toEqual([
      ['status', 0],
      ['tail', 0],
    ])
    await poller.readNow('cad')
    expect(tally.errors.get('timeout')).toBe(1)
  })

  test('has lines that were not understood counted by section, and their text dropped', async () => {
    const { poller } = poll([{ name: 'cad', read: file('UP 10 3\nwhat?\nwho?') }])
    const reading = await poller.readNow('cad')
    expect(poller.state.servers.get('cad')?.tally.unparsed.get('tail')).toBe(2)
    expect(reading).toMatchObject({ snapshot: { unparsed: [] } })
  })

  test('keeps its last good reading while later ones fail', async () => {
    const path = file('UP 10 3')
    const { poller } = poll([{ name: 'cad', address: `file ${path}` }])
    await poller.readNow('cad')
    writeFileSync(path, 'nonsense')
    await poller.readNow('cad')
    const state = poller.state.servers.get('cad')!
    expect(shown(state.reading!)).toBe('failed: unreadable')
    expect(freshReading(state, new Date())?.snapshot.features[0]?.used).toBe(3)
    expect(freshReading(state, new Date(Date.now() + 180_000))).toBeUndefined()
  })

  test('shows the features that the configuration includes', async () => {
    const reading = await read({ features: { include: ['*draw'], exclude: ['test_*'] } })
    expect('snapshot' in reading && reading.snapshot.features.map(one => one.name)).toEqual([
      'draw',
    ])
  })

  test('is never read twice at once: who asks joins the reading under way', async () => {
    const path = join(folder(), 'count')
    const { poller } = poll([{ name: 'cad', address: `count ${path}` }])
    poller.start()
    const both = await Promise.all([poller.readNow('cad'), poller.readNow('cad')])
    expect(both[0]).toBe(both[1])
    expect(readFileSync(path, 'utf8')).toBe('x\n')
  })

  test('that is not configured has no reading', async () => {
    expect(await poll([]).poller.readNow('nobody')).toBeUndefined()
  })

  test('is read again after its interval, with a delay that is told', async () => {
    const { poller, changes } = poll([{ name: 'cad', interval: 0.3 }])
    poller.start()
    await until(() => changes.length >= 3)
    expect(changes[1]?.before).toBe(changes[0]?.after)
    expect(poller.state.servers.get('cad')?.delaySeconds).toBeLessThan(0.3)
    expect(poller.ready).toBe(true)
  })

  test('has its tool print times in its own zone', async () => {
    const reading = await read({ address: 'zone', timezone: 'Asia/Tokyo' })
    expect(reading).toMatchObject({ snapshot: { status: { version: 'Asia/Tokyo' } } })
  })
})

describe('another configuration', () => {
  test('leaves unchanged servers their history, counters and schedule', async () => {
    const { poller } = poll([{ name: 'cad', address: 'exit' }, { name: 'sim' }])
    await poller.readNow('cad')
    const before = poller.state.servers.get('cad')
    poller.reconfigure(config([{ name: 'new' }, { name: 'cad', address: 'exit' }]))
    expect(poller.state.servers.get('cad')).toBe(before)
    expect([...poller.state.servers.keys()]).toEqual(['new', 'cad'])
    expect(await poller.readNow('sim')).toBeUndefined()
  })

  test('reads a changed server anew and keeps its counters', async () => {
    const { poller, changes } = poll([{ name: 'cad', address: 'exit' }])
    poller.start()
    await until(() => changes.length === 1)
    poller.reconfigure(config([{ name: 'cad', address: 'up' }]))
    const state = poller.state.servers.get('cad')!
    expect(state.reading).toBeUndefined()
    expect(state.tally.errors.get('exit_code')).toBe(1)
    await until(() => changes.length === 2)
    expect(shown(changes[1]!.after)).toBe('up')
  })

  test('ends the reading of a server that is gone', async () => {
    const { poller, changes } = poll([{ name: 'cad', address: 'hang' }])
    poller.start()
    const reading = poller.readNow('cad')
    await sleep(100)
    poller.reconfigure(config([]))
    expect(await reading).toBeUndefined()
    expect(changes).toHaveLength(0)
  })
})

test('closing ends what runs and reads nothing more', async () => {
  const { poller, changes }: Polled = poll([{ name: 'a', address: 'hang' }, { name: 'b' }], {
    rest: { max_tools: 1 },
  })
  poller.start()
  await sleep(100)
  const started = performance.now()
  await poller.close()
  expect(performance.now() - started).toBeLessThan(2000)
  expect(changes).toHaveLength(0)
  expect(await poller.readNow('b')).toBeUndefined()
})
