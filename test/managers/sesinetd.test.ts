import { describe, expect, test } from 'vitest'
import { readAddress } from '../../exporter/managers/sesinetd/address.ts'
import { sesinetd } from '../../exporter/managers/sesinetd/index.ts'
import { startTime } from '../../exporter/managers/sesinetd/start-time.ts'

const now = new Date('2026-11-22T12:00:00Z')
const context = { now, timeZone: 'America/Toronto' }

function server(more: object) {
  return sesinetd.server.parse({ name: 'one', manager: 'sesinetd', ...more })
}

function read(text: string, kind = 'auto', more: object = {}) {
  const output = { text: kind, stdout: Buffer.from(text), stderr: '', exitCode: undefined, at: now }
  return sesinetd.parse([output], { ...context, server: server(more) })
}

const license = {
  id: 'aaaa0001',
  product: 'Houdini-Master',
  version: '20.5',
  available: 1,
  total_tokens: 3,
  expiry: '31-dec-2026',
  users: [] as unknown[],
}
const answer = (...licenses: object[]) => JSON.stringify({ licenses })

describe('the configuration of sesinetd', () => {
  test.each([
    ['sesi1', 'sesi1', undefined],
    ['sesi1.example.com:1715', 'sesi1.example.com', 1715],
    ['[2001:db8::5]:1715', '[2001:db8::5]', 1715],
    ['http://sesi1:1715', 'sesi1', 1715],
    [
      'https://www.sidefx.com/license/sesinetd',
      'https://www.sidefx.com/license/sesinetd',
      undefined,
    ],
  ])('an address may be %s', (address, name, port) => {
    expect(readAddress(address)).toEqual({ argument: address, name, port })
    const one = server({ address, tool: '/opt/sesictrl' })
    expect(sesinetd.members(one)).toEqual([name])
    expect(sesinetd.requests(one)).toEqual([
      {
        run: ['/opt/sesictrl', 'print-license', '--format', 'json', '--host', address],
        text: 'licenses',
      },
    ])
  })

  test.each([
    '',
    '-h',
    '--host',
    'a b',
    'a:0',
    'a:99999',
    'a:',
    'a;b',
    '/etc/passwd',
    'http://',
    'http://user:pw@a',
    'http://a?x=1',
    'http://a#x',
    'ftp://a',
    'http://-a',
    'a\n',
  ])('an address such as %j is refused', address => {
    expect(sesinetd.server.safeParse({ name: 'one', manager: 'sesinetd', address }).success).toBe(
      false,
    )
  })
})

describe('a license list', () => {
  test('is used as much as is not available', () => {
    const got = read(answer(license))
    expect(got.pools).toEqual([expect.objectContaining({ seats: 3, used: 2, permanent: false })])
    expect(got.features).toEqual([
      expect.objectContaining({ issued: 3, used: 2, vendor: 'sidefx' }),
    ])
    expect(got.daemons).toEqual([])
  })

  test('with more available than there are is used by nobody', () => {
    expect(read(answer({ ...license, available: 9 })).pools[0]?.used).toBe(0)
  })

  test('tells no use where it does not say what is available', () => {
    const { available: _, ...rest } = license
    const got = read(answer(rest))
    expect(got.pools[0]?.used).toBeUndefined()
    expect(got.features[0]?.used).toBeUndefined()
    expect(got.unparsed).toHaveLength(1)
  })

  test.each([
    [{ machine: 'ann@ws-1', time: '2026/11/22 09:00:00' }, 'ann', 'ws-1'],
    [{ user: 'ann@ws-1', checkout: '2026/11/22 09:00:00' }, 'ann', 'ws-1'],
    [{ user: 'ann', machine: 'ws-1' }, 'ann', 'ws-1'],
    [{ user: 'ann', machine: 'eve@ws-1' }, 'ann', 'ws-1'],
    [{ machine: 'ws-1' }, undefined, 'ws-1'],
    [{ user: 'ann' }, 'ann', undefined],
    ['ann@ws-1', 'ann', 'ws-1'],
  ])('with the user %j names %s on %s', (user, name, host) => {
    const [checkout] = read(answer({ ...license, users: [user] })).checkouts
    expect([checkout?.user, checkout?.host, checkout?.seats]).toEqual([name, host, 1])
  })

  test.each([null, 7, 'x', [], {}, { product: 'x' }])('with %j in it goes on', odd => {
    const text = `{"licenses":[${JSON.stringify(odd)},${JSON.stringify(license)}]}`
    const got = read(text)
    expect(got.features.map(({ name }) => name)).toContain('Houdini-Master')
    expect(got.unparsed.length).toBeGreaterThan(0)
  })

  test('may be the whole answer without an object around it', () => {
    expect(read(JSON.stringify([license])).pools).toHaveLength(1)
  })

  test('behind prose with brackets and before more of it is found', () => {
    expect(read(`[1] {a} "quoted [" \n${answer(license)}\nbye }`).pools).toHaveLength(1)
  })

  test('keeps two licenses of one product, version and expiry apart by their id', () => {
    const got = read(answer(license, { ...license, id: 'aaaa0002' }))
    expect(new Set(got.pools.map(({ id }) => id)).size).toBe(2)
    expect(got.features[0]?.issued).toBe(6)
  })

  test('with a name of another tool in JSON is not read', () => {
    for (const text of ['{}', '[]', '{"status":"ok"}', '{"event_id":"E101","event":{}}', '[1,2]']) {
      expect(() => read(text)).toThrow(expect.objectContaining({ code: 'unreadable' }))
    }
  })
})

describe('when a user checked out', () => {
  const noon = Date.UTC(2026, 10, 22, 17, 0, 0) / 1000

  test.each([
    ['2026/11/22 12:00:00', noon],
    ['2026-11-22T12:00:00', noon],
    ['2026-11-22T17:00:00Z', noon],
    ['2026/11/22 18:00:00+01:00', noon],
    [noon, noon],
    [noon * 1000, noon],
    [String(noon), noon],
    ['Sun Nov 22 12:00:00 2026', noon],
    ['Nov 22 12:00', noon],
    ['2026/13/45 12:00:00', undefined],
    ['yesterday', undefined],
    ['', undefined],
    [0, undefined],
    [null, undefined],
  ])('%j is read', (told, at) => {
    expect(startTime(told, context)).toBe(at)
  })
})

describe('a log of sesinetd', () => {
  test('tells the peak of each group of one line, in local time', () => {
    const log = sesinetd.logReader?.(context)
    const line = '04:15:19 03/30/26 sesinetd: Usage: 1/2/3 Houdini/NonGraphic/Render [Peak 4/5/6]'
    expect(log?.read(line)).toEqual({
      kind: 'peak',
      at: Date.UTC(2026, 2, 30, 8, 15, 19) / 1000,
      vendor: 'sidefx',
      group: 'Houdini',
      used: 1,
      peak: 4,
      others: [
        { group: 'NonGraphic', used: 2, peak: 5 },
        { group: 'Render', used: 3, peak: 6 },
      ],
    })
    expect(log?.lastAt).toBe(Date.UTC(2026, 2, 30, 8, 15, 19) / 1000)
  })

  test('that is read as an answer says where it belongs', () => {
    const line = '04:15:19 03/30/26 sesinetd: Usage: 0/0/0 Houdini/NonGraphic/Render [Peak 1/0/0]\n'
    expect(() => read(line)).toThrow('name it under logs')
  })
})
