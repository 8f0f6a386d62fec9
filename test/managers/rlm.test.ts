import { delimiter } from 'node:path'
import { describe, expect, test } from 'vitest'
import { requestsOf } from '../../exporter/collect/read-server.ts'
import type { LicenseManager } from '../../exporter/managers/manager.ts'
import { readAddress } from '../../exporter/managers/rlm/address.ts'
import { rlm } from '../../exporter/managers/rlm/index.ts'
import { startTimes } from '../../exporter/managers/rlm/start-times.ts'
import { readUsage } from '../../exporter/managers/rlm/usage-line.ts'
import type { ServerConfig } from '../../exporter/managers/server-options.ts'

const now = new Date('2026-11-22T12:00:00Z')
const context = { now, timeZone: 'UTC' }

function server(more: object) {
  return rlm.server.parse({ name: 'one', manager: 'rlm', ...more })
}

function read(text: string, kind = 'auto', more: object = { read: '/one' }) {
  const output = { text: kind, stdout: Buffer.from(text), stderr: '', exitCode: undefined, at: now }
  return rlm.parse([output], { ...context, server: server(more) })
}

function problems(more: object): string[] {
  const parsed = rlm.server.safeParse({ name: 'one', manager: 'rlm', ...more })
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path}: ${message}`)
}

describe('the configuration of an RLM server', () => {
  test('an address is one or two of port@host', () => {
    expect(readAddress('5053@lic1')).toEqual([{ host: 'lic1', port: 5053 }])
    expect(readAddress('5053@lic1,5053@[2001:db8::5]')).toHaveLength(2)
  })

  test.each([
    '',
    'lic1',
    '@lic1',
    '0@lic1',
    '05053@lic1',
    '65536@lic1',
    '5053@',
    '5053@-x',
    '5053@a,5053@b,5053@c',
    '5053@a:5053@b',
    '/etc/passwd',
    '5053@../x',
    '5053@a b',
    '5053@a;id',
    '5053@$(id)',
    '5053@fe80::1%eth0',
    '5053@[fe80::1%eth0]',
    '5053@a\n',
    '5053@ä',
  ])('an address such as %j is refused', address => {
    expect(problems({ address })).toEqual([expect.stringContaining('write port@host')])
  })

  test('the web page is asked for every five minutes or less often', () => {
    const get = 'http://lic1:5054/goform/rlmstat_lic_process'
    expect(problems({ get })).toEqual([expect.stringContaining('interval = "5m" or more')])
    expect(problems({ get, interval: '299s' })).toHaveLength(1)
    expect(problems({ get, interval: '5m' })).toEqual([])
  })

  test('the ISV of the page is refused where no page is asked for', () => {
    expect(problems({ address: '5053@a', isv: 'inkworks' })).toEqual([
      'isv: isv belongs to get: remove it',
    ])
  })

  test('rlmutil gets the license path as one argument', () => {
    const one = server({
      address: '5053@a,5053@b',
      tool: '/opt/rlmutil',
      license_files: ['/a.lic'],
    })
    expect(rlm.requests(one)).toEqual([
      {
        run: ['/opt/rlmutil', 'rlmstat', '-a', '-c', ['5053@a', '5053@b'].join(delimiter)],
        text: 'status',
      },
      { read: '/a.lic', text: 'license_file', beside: true },
    ])
    expect(rlm.members(one)).toEqual(['a', 'b'])
  })

  test('the page of one ISV is asked for as its own button does', () => {
    const one = server({
      get: 'http://lic1:5054/goform/rlmstat_lic_process',
      isv: 'ink',
      interval: '5m',
    })
    expect(rlm.requests(one)).toEqual([
      expect.objectContaining({ form: expect.objectContaining({ isv: 'ink', wb: 'rlmstat_lic' }) }),
    ])
  })
})

describe('a checkout line', () => {
  const startAt = startTimes(context)
  const line = (who: string, tail = '') =>
    `tool v1.0: ${who} 2/1 at 11/20 08:00  (handle: 1)${tail}`

  test.each([
    ['jo@ws1', 'jo', 'ws1'],
    ['first.last@ws1.example.com', 'first.last', 'ws1.example.com'],
    ['Jo Ann Doe@WS 1', 'Jo Ann Doe', 'WS 1'],
    ['o@brien@ws1', 'o@brien', 'ws1'],
    ['josé@ws1', 'josé', 'ws1'],
    ['@ws1', undefined, 'ws1'],
    ['queued at roam@ws1', 'queued at roam', 'ws1'],
  ])('of %s has user and host', (who, user, host) => {
    expect(readUsage(line(who), 'ink', startAt)).toMatchObject({ seats: 3, state: 'active' })
    expect(readUsage(line(who), 'ink', startAt)?.user).toBe(user)
    expect(readUsage(line(who), 'ink', startAt)?.host).toBe(host)
  })

  test('with data of the ISV behind it is read to its handle', () => {
    const told = readUsage(line('jo@ws1', ' [I: 9/9 at 01/01 01:01 for x@y]'), 'ink', startAt)
    expect(told).toMatchObject({ user: 'jo', host: 'ws1', seats: 3 })
  })

  test('of 31 December is of last year in November', () => {
    const told = readUsage('tool v1.0: jo@ws1 1/0 at 12/31 23:59  (handle: 1)', 'ink', startAt)
    expect(told?.startedAt).toBe(Date.UTC(2025, 11, 31, 23, 59) / 1000)
  })

  test('of an impossible day has no start and keeps its seats', () => {
    const told = readUsage('tool v1.0: jo@ws1 1/0 at 13/45 99:99  (handle: 1)', 'ink', startAt)
    expect(told).toMatchObject({ seats: 1 })
    expect(told?.startedAt).toBeUndefined()
  })
})

describe('rlmstat', () => {
  const head = 'ink license pool status on lic1 (port 1)\n'

  test('does not credit numbers to the product before a line that is not understood', () => {
    const got = read(
      `${head}a v1.0\nb one.two\ncount: 9, # reservations: 0, inuse: 9, exp: permanent\n`,
    )
    expect(got.pools).toEqual([expect.objectContaining({ feature: 'a' })])
    expect(got.pools[0]?.seats).toBeUndefined()
    expect(got.unparsed.map(({ section }) => section)).toEqual(['pool', 'pool'])
  })

  test('gives equal pools of two machines as one sum', () => {
    const pool = `a v1.0\n count: 3, # reservations: 1, inuse: 2, exp: permanent\n`
    const got = read(`${head}${pool}${head}${pool}`)
    expect(got.pools).toEqual([expect.objectContaining({ seats: 6, used: 4 })])
    expect(got.features).toEqual([expect.objectContaining({ issued: 6, used: 4, reserved: 2 })])
  })

  test('tells what is uncounted, expired, cached, whatever stands behind the word', () => {
    const numbers = '# reservations: 0, inuse: 0'
    const { features, pools, unparsed } = read(`${head}a v1.0
 UNCOUNTED (node-locked)
b v1.0
 count: 3, ${numbers}, exp: 31-mar-2025 (EXPIRED)
 client cache: 0, max_roam: 30
 named users: 4
`)
    expect(unparsed).toEqual([])
    expect(features).toMatchObject([
      { name: 'a', counting: 'uncounted' },
      { name: 'b', issued: 3 },
    ])
    expect(pools[1]).toMatchObject({ expiresAt: Date.UTC(2025, 2, 31, 23, 59, 59) / 1000 })
  })

  test('of two ISVs without any heading leaves the ISV unknown', () => {
    const got = read(
      `a v1.0\n count: 3, # reservations: 0, inuse: 2, exp: permanent\nx ISV server status on l (port 1), up 1d\ny ISV server status on l (port 2), up 1d\n`,
    )
    expect(got.features).toEqual([expect.objectContaining({ vendor: 'unknown' })])
  })

  test('names ISVs without regard to case', () => {
    const got = read(`Ink ISV server status on lic1 (port 1), up 1d\n${head}a v1.0\n`)
    expect(got.daemons).toHaveLength(1)
  })

  test('of an ISV server alone that does not answer is a server that is down', () => {
    const got = read('rlmutil v15.1\n\nError connecting to "ink" server\n\nNo error\n')
    expect(got.status).toMatchObject({ up: false, reason: 'connect' })
    expect(got.daemons).toEqual([expect.objectContaining({ vendor: 'ink', up: false })])
  })

  test('of a refusal without a heading is read by its status value', () => {
    const got = read('rlmutil v15.1\nConnection refused at server (-111)\n')
    expect(got.status).toMatchObject({ up: false, reason: 'connect' })
  })

  test('behind the prefix of a container is the same text', () => {
    const text = `rlmutil v15.1\n\n${head}a v1.0\n\tcount: 3, # reservations: 0, inuse: 2, exp: permanent\n`
    const prefixed = text.replace(/^/gm, 'rlm-1  | ')
    expect(read(prefixed)).toEqual(read(text))
  })

  test('keeps what a line of a megabyte does not say', () => {
    const got = read(
      `${head}a v1.0\n count: 3, # reservations: 0, inuse: 2, exp: permanent\n${'x'.repeat(1 << 20)}\n`,
    )
    expect(got.pools).toHaveLength(1)
    expect(got.unparsed).toHaveLength(1)
    expect(got.unparsed[0]?.line.length).toBeLessThan(600)
  })

  test('of a log or a license file as its answer is refused with a sentence', () => {
    expect(() => read('11/21 08:12 (ink) OUT: a v1.0 by jo@ws1\n')).toThrow('name it under logs')
    expect(() => read('HOST a b 5053\nISV ink\n', 'status')).toThrow(
      expect.objectContaining({ code: 'unreadable' }),
    )
  })
})

describe('license files of RLM', () => {
  function installed(...files: string[]) {
    const outputs = files.map(text => ({
      text: 'license_file',
      stdout: Buffer.from(text),
      stderr: '',
      exitCode: undefined,
      at: now,
    }))
    const got = rlm.parse(outputs, { ...context, server: server({}) })
    return Object.fromEntries(got.features.map(one => [one.name, one.installed]))
  }

  test('lines of one product add up', () => {
    expect(
      installed('LICENSE i a 1.0 permanent 3 sig=x\nLICENSE i a 2.0 1-jan-2030 4 sig=y\n'),
    ).toEqual({ a: 7 })
  })

  test('one line in two files is one license', () => {
    const file = 'LICENSE i a 1.0 permanent 3 sig=x\n'
    expect(installed(file, file)).toEqual({ a: 3 })
    expect(installed(file + file)).toEqual({ a: 6 })
  })

  test('a newer line that replaces others counts alone', () => {
    const old = 'LICENSE i a 1.0 permanent 3 issued=1-jan-2025 sig=x\n'
    const newer = 'LICENSE i b 2.0 permanent 5 issued=1-jan-2026 replace="a b" sig=y\n'
    expect(installed(old, newer)).toEqual({ b: 5 })
  })

  test('an expired line is history once a valid one stands with it', () => {
    const file = 'LICENSE i a 1.0 1-jan-2020 3 sig=x\nLICENSE i a 1.0 1-jan-2030 4 sig=y\n'
    const output = {
      text: 'auto',
      stdout: Buffer.from(file),
      stderr: '',
      exitCode: undefined,
      at: now,
    }
    const got = rlm.parse([output], { ...context, server: server({}) })
    expect(got.pools).toEqual([expect.objectContaining({ seats: 4, source: 'file' })])
    expect(got.status).toEqual({ up: true, assumed: true })
  })

  test('a file that could not be read takes nothing from the answer', () => {
    const text = 'ink license pool status on lic1 (port 1)\na v1.0\n'
    const output = {
      text: 'auto',
      stdout: Buffer.from(text),
      stderr: '',
      exitCode: undefined,
      at: now,
    }
    const got = rlm.parse([output, undefined], { ...context, server: server({}) })
    expect(got.status.up).toBe(true)
  })
})

describe('a log of RLM', () => {
  function reader(at = now) {
    const made = rlm.logReader?.({ now: at, timeZone: 'Europe/Berlin' })
    if (!made) throw new Error('no reader')
    return made
  }

  test('is read on into the next year by a reader that began in this one', () => {
    const log = reader(new Date('2026-12-31T22:00:00Z'))
    const times = ['12/31 22:59', '01/01 00:01', '06/30 12:00', '12/31 23:59', '01/02 00:00'].map(
      time => log.read(`${time} (ink) OUT: a v1.0 by jo@ws1`)?.at,
    )
    expect(times.map(at => new Date((at ?? 0) * 1000).getUTCFullYear())).toEqual([
      2026, 2026, 2027, 2027, 2028,
    ])
  })

  test('takes local times across a change of the clocks', () => {
    const log = reader(new Date('2026-10-26T00:00:00Z'))
    const before = log.read('10/24 12:00 (ink) OUT: a v1.0 by jo@ws1')?.at ?? 0
    const after = log.read('10/25 12:00 (ink) IN: a v1.0 by jo@ws1')?.at ?? 0
    expect(after - before).toBe(25 * 3600)
  })

  test('does not count a denial after which the program asks again', () => {
    const log = reader()
    log.read('START lic1 03/01/2026 08:00')
    expect(log.read('DENY a 1.0 jo ws1 "" 1 -22 0 03/01 08:01')).toBeUndefined()
    expect(log.read('DENY a 1.0 jo ws1 "" 1 -22 1 03/01 08:01')).toMatchObject({
      reason: 'no_seats',
    })
    expect(log.read('DENY a 1.0 jo ws1 "" 1 -9999 1 03/01 08:02')).toMatchObject({
      reason: 'other',
    })
  })

  test('tells nothing of lines that only look like events', () => {
    const log = reader()
    for (const line of [
      '',
      '03/14 08:12 (rlm) OUT: a v1.0 by jo@ws1',
      '03/14 08:12 (ink) OUT: ',
      '03/14 08:12 (ink) OUTPUT: a v1.0 by jo@ws1',
      '99/99 08:12 (ink) OUT: a v1.0 by jo@ws1',
      'OUT',
      'OUT a 1.0 1 jo ws1 "" x 1 0 41 41 d14 "" "a" "1.0" 12/31 22:31:05',
      'DENY a 1.0 jo ws1 "" 1 22',
      'IN 1 2 3',
    ]) {
      expect(log.read(line)).toBeUndefined()
    }
  })
})

test('the form of the page is what the collector sends', () => {
  const get = 'http://lic1:5054/goform/rlmstat_lic_process'
  const one = server({ get, isv: 'ink', interval: '5m', license_files: ['/a.lic'] })
  expect(requestsOf(one as ServerConfig, rlm as LicenseManager)).toEqual(rlm.requests(one))
})

test.each([
  ['LICENSE ink brush_i 1.0 31-dec-2026 4 sig="00"', 'license_file'],
  ['LICENSE ink brush_i 1.0 permanent uncounted', 'license_file'],
  // Tables of other managers begin so, too.
  ['LICENSE GROUP   440     60    500 |     0', undefined],
  ['LICENSE INFORMATION', undefined],
])('%s is %s', (line, kind) => {
  expect(rlm.recognise(`${line}\n`)).toBe(kind)
})
