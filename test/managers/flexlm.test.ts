import { describe, expect, test } from 'vitest'
import { ExporterError } from '../../exporter/errors.ts'
import { flexlm } from '../../exporter/managers/flexlm/index.ts'
import type { Snapshot } from '../../exporter/model.ts'

const now = new Date('2026-03-02T11:00:00Z')
const table = (more: object) => ({ name: 's', manager: 'flexlm', ...more })
const byRead = flexlm.server.parse(table({ read: '/r' }))

function parse(
  text: string,
  more: { exitCode?: number; stderr?: string; files?: string[]; address?: string } = {},
): Snapshot {
  const output = (stdout: string, kind: string) => ({
    text: kind,
    stdout: Buffer.from(stdout),
    stderr: more.stderr ?? '',
    exitCode: more.exitCode ?? 0,
    at: now,
  })
  const server =
    more.address === undefined
      ? byRead
      : flexlm.server.parse(table({ tool: '/lmutil', address: more.address }))
  const files = (more.files ?? []).map(file => output(file, 'license_file'))
  return flexlm.parse([output(text, 'auto'), ...files], { now, timeZone: 'UTC', server })
}

function codeOf(run: () => unknown): string {
  try {
    run()
    return 'nothing thrown'
  } catch (error) {
    return error instanceof ExporterError ? error.code : `not ours: ${error}`
  }
}

const heading = (name: string, issued: number, used: number) =>
  `Users of ${name}:  (Total of ${issued} licenses issued;  Total of ${used} licenses in use)\n`
const checkout = (who: string) => `    ${who} (v1.0) (lic/27000 1), start Mon 3/2 8:00\n`

describe('the configuration of a FlexLM server', () => {
  const problems = (more: object) =>
    flexlm.server.safeParse(table(more)).error?.issues.map(issue => issue.message) ?? []

  test.each([
    '27000@lic1',
    '@lic1',
    '27000@lic1.example.com,27000@lic2,27000@10.0.0.3',
    '27000@[::1]',
    '1@a_b-c',
  ])('%s is an address', address => {
    expect(problems({ tool: '/opt/lmutil', address })).toEqual([])
  })

  test.each([
    '/etc/passwd',
    'lic1',
    '27000@lic1,27000@lic2',
    '0@lic1',
    '65536@lic1',
    '027@lic1',
    '27000@-c',
    '27000@lic1;id',
    '27000@lic 1',
    '27000@lic1\n',
    '27000@@lic1',
    '27000@',
    '27000@300.1.1.1',
    '27000@[::1%eth0]',
    '27000@lic1,27000@lic2,27000@lic3,27000@lic4',
    `27000@${'a'.repeat(300)}`,
  ])('%j is refused with a sentence', address => {
    const [message = ''] = problems({ tool: '/opt/lmutil', address })
    expect(message.length).toBeGreaterThan(20)
  })

  test('exactly one of tool, read and get is given', () => {
    expect(problems({})).toEqual(['nothing to read: give tool and address, or read, or get'])
    expect(problems({ read: '/a', get: 'http://b/' })).toHaveLength(1)
    expect(problems({ tool: '/a' })).toEqual(['tool needs an address such as "27000@lic1"'])
    expect(problems({ tool: 'lmutil', address: '@a' })).toEqual(['write an absolute path'])
    expect(problems({ read: '/a', address: '1@a', license_files: ['/x.lic'] })).toEqual([])
  })

  test('the tool is asked once for status and feature list, and files are read beside', () => {
    const server = flexlm.server.parse(
      table({ tool: '/opt/lmutil', address: '1@a', license_files: ['/x.lic'] }),
    )
    expect(flexlm.requests(server)).toEqual([
      { run: ['/opt/lmutil', 'lmstat', '-a', '-i', '-c', '1@a'], text: 'status' },
      { read: '/x.lic', text: 'license_file', beside: true },
    ])
    expect(flexlm.members(server)).toEqual(['a'])
  })

  test('a tool that is called lmstat is not told its own name', () => {
    const server = flexlm.server.parse(table({ tool: '/opt/lmstat', address: '@a' }))
    expect(flexlm.requests(server)).toEqual([
      { run: ['/opt/lmstat', '-a', '-i', '-c', '@a'], text: 'status' },
    ])
  })
})

describe('down', () => {
  test.each([
    ['Error getting status: Cannot connect to license server system. (-15,570:115 "x")', 'connect'],
    ['Error getting status: Cannot connect to license server (-15,570:111 "refused")', 'connect'],
    ['Error getting status: Cannot find SERVER hostname in network database. (-14,7)', 'connect'],
    ['Error getting status: Cannot read data from license server system. (-16,287)', 'connect'],
    ['Error getting status: License server machine is down or not responding. (-96,7)', 'down'],
    ['Error getting status: The desired vendor daemon is down. (-97,121)', 'down'],
    ['Error getting status: License server does not support this feature. (-18,147)', 'down'],
    ['Error getting status: Invalid host. (-9,57)', 'down'],
    ['lmgrd is not running: Server node is down or not responding (-96,7)', 'down'],
    [
      'Cannot connect to license server system. (-15,570:115 "Operation now in progress")',
      'connect',
    ],
  ])('%s is a server that is down: %s', (line, reason) => {
    for (const exitCode of [0, 1, 240]) {
      expect(parse(`${line}\n`, { exitCode }).status).toMatchObject({ up: false, reason })
    }
  })

  test('a triad without an answering machine is not a lost quorum but a lost connection', () => {
    const lines = ['a', 'b', 'c'].map(host => `${host}: Cannot connect to license server. (-15,1)`)
    const { status, members } = parse(`License server status: 1@a,1@b,1@c\n\n${lines.join('\n')}\n`)
    expect(status).toMatchObject({ up: false, reason: 'connect' })
    expect(members.map(member => member.up)).toEqual([false, false, false])
  })

  test('a machine keeps the name that the address gives it', () => {
    const text =
      'License server status: 1@LIC1.example.com\nLIC1.example.com: license server UP (MASTER) v11.1\n'
    expect(parse(text, { address: '1@lic1' }).members).toEqual([
      { name: 'lic1', up: true, master: true, version: 'v11.1', port: 1 },
    ])
  })

  test('two domains are two machines', () => {
    const text = 'License server status: 1@lic.a.example\nlic.a.example: license server UP v1\n'
    expect(parse(text, { address: '1@lic.b.example' }).members[0]?.name).toBe('lic.a.example')
  })
})

describe('no answer', () => {
  test.each([
    ['', 0, 'unreadable'],
    ['garbage\n', 0, 'unreadable'],
    ['', 1, 'exit_code'],
    ['garbage\n', 255, 'exit_code'],
    ['\u0000\u0001\u0002', 0, 'unreadable'],
    ['License server status: 1@a\n', 0, 'unreadable'],
    ['{"licenses": []}', 0, 'unreadable'],
  ])('%j with exit code %d is %s', (text, exitCode, code) => {
    expect(codeOf(() => parse(text, { exitCode }))).toBe(code)
  })

  test('a text that can be read is data whatever the exit code', () => {
    expect(parse(heading('f', 1, 0), { exitCode: 19 }).features).toHaveLength(1)
  })
})

describe('features', () => {
  test('a feature headed twice is one with the sum', () => {
    const { features } = parse(heading('f', 10, 3) + heading('f', 5, 1))
    expect(features).toMatchObject([{ name: 'f', issued: 15, used: 4 }])
  })

  test('one name under two daemons is two features; case makes no daemon', () => {
    const under = (vendor: string) =>
      `  ${vendor}: UP v1\nFeature usage info:\n${heading('f', 2, 1)}\n  "f" v1, vendor: ${vendor.toUpperCase()}\n`
    const { features, pools } = parse(under('one') + under('two') + under('ONE'))
    expect(features.map(({ vendor, issued }) => [vendor, issued])).toEqual([
      ['one', 4],
      ['two', 2],
    ])
    expect(pools.map(pool => pool.vendor)).toEqual(['one', 'two'])
  })

  test('two daemons above one list leave the vendor to the feature list', () => {
    const text = `Vendor daemon status (on a):\n  one: UP v1\n  two: UP v1\nFeature usage info:\n${heading('f', 2, 1)}${heading('g', 2, 1)}`
    expect(parse(text).features.map(({ vendor }) => vendor)).toEqual(['unknown', 'unknown'])
    const list = 'Feature Version #licenses Vendor Expires\nf 1.0 2 two 1-jan-0\n'
    expect(parse(text + list).features.map(({ vendor }) => vendor)).toEqual(['two', 'unknown'])
  })

  test.each([2147483646, 2147483647])('%d issued is uncounted', issued => {
    const { features } = parse(heading('f', issued, 9) + checkout('a b c') + checkout('d e f'))
    expect(features).toEqual([
      {
        vendor: 'unknown',
        name: 'f',
        counting: 'uncounted',
        reservations: [],
        problems: [],
        used: 2,
      },
    ])
  })

  test.each([0, 9999, 1_000_000])('%d issued is a number', issued => {
    expect(parse(heading('f', issued, 0)).features[0]).toMatchObject({
      issued,
      counting: 'counted',
    })
  })

  test('in use without lines is told by the heading', () => {
    const { features, checkouts } = parse(heading('f', 5, 4))
    expect([features[0]?.used, checkouts.length]).toEqual([4, 0])
  })

  test('lines below a heading that was not understood are not the feature before', () => {
    const { features, checkouts, unparsed } = parse(
      `${heading('f', 5, 1)}${checkout('a b c')}Users of g:  (Total of quite a few)\n${checkout('d e f')}`,
    )
    expect(checkouts.map(({ feature }) => feature)).toEqual(['f', 'g'])
    expect(features[1]).toEqual({
      vendor: 'unknown',
      name: 'g',
      counting: 'counted',
      reservations: [],
      problems: [],
    })
    expect(unparsed).toEqual([{ section: 'feature', line: 'Users of g:  (Total of quite a few)' }])
  })

  test.each([
    ['No such feature exists. (-5,222)', ['no_such_feature']],
    ['Feature has expired. (-10,32)', ['expired']],
    ['Cannot connect to license server system. (-15,12)', []],
  ])('Cannot get users: %s', (error, problems) => {
    const { features } = parse(`Users of f: Cannot get users of f: ${error}\n`)
    expect(features).toMatchObject([{ name: 'f', problems }])
    expect(features[0]).not.toHaveProperty('used')
  })

  test('an unreadable expiry is counted and never permanent', () => {
    const { pools, unparsed } = parse(
      `${heading('f', 1, 0)}  "f" v1, vendor: v, expiry: 31-feb-2026\n`,
    )
    expect(pools).toMatchObject([{ permanent: false }])
    expect(pools[0]).not.toHaveProperty('expiresAt')
    expect(unparsed).toEqual([{ section: 'feature', line: 'expiry: 31-feb-2026' }])
  })

  test('a line nobody knows is counted once for each time it stands there', () => {
    const { unparsed } = parse(`${heading('f', 1, 0)}${'what is this\n'.repeat(3)}`)
    expect(unparsed).toHaveLength(3)
  })
})

describe('status, feature list and license file name a pool alike', () => {
  const list = 'Feature Version #licenses Vendor Expires\nf 1.0 7 vend 31-dec-2026\n'
  const file = 'INCREMENT f VEND 1.0 31-dec-2026 7 SIGN=1\n'
  const status = (more: string) =>
    `  vend: UP v1\nFeature usage info:\n${heading('f', 7, 0)}  "f" v1.0, vendor: vend${more}\n`

  test('the same id from each', () => {
    const ids = [status(', expiry: 31-dec-2026'), list, file].map(text => parse(text).pools[0]?.id)
    expect(new Set(ids).size).toBe(1)
  })

  test('an old daemon that tells no expiry takes it from the list', () => {
    const { pools } = parse(status('') + list)
    expect(pools).toMatchObject([{ seats: 7, source: 'served' }])
    expect(pools[0]?.expiresAt).toBe(Date.UTC(2026, 11, 31, 23, 59, 59) / 1000)
  })

  test('a file never changes the seats that the list told', () => {
    const text = status('') + list
    const { pools, features } = parse(text, { files: [file.replace(' 7 ', ' 9 ')] })
    expect(pools).toMatchObject([{ seats: 7, source: 'served' }])
    expect(features).toMatchObject([{ issued: 7, installed: 9 }])
  })

  test('a feature that only the list names beside a status has no issued seats', () => {
    const { features } = parse(`${heading('g', 1, 0)}${list}`)
    expect(features.find(({ name }) => name === 'f')).not.toHaveProperty('issued')
  })
})

describe('installed seats', () => {
  const installed = (...files: string[]) =>
    Object.fromEntries(
      parse(heading('x', 1, 0), { files }).features.map(({ name, installed: seats }) => [
        name,
        seats,
      ]),
    )

  test('increments add, of features the first counts, a copy in a second file does not', () => {
    const one = 'INCREMENT a v 1.0 permanent 3 SN=1\nINCREMENT a v 1.0 permanent 4 SN=2\n'
    const two = 'FEATURE b v 1.0 permanent 5 SN=1\nFEATURE b v 1.0 permanent 6 SN=2\n'
    expect(installed(one + two, one)).toMatchObject({ a: 7, b: 5 })
    expect(installed('INCREMENT a v 1.0 permanent 3\nINCREMENT a v 1.0 permanent 3\n').a).toBe(6)
  })

  test('SUPERSEDE removes what was issued before, of the names it lists', () => {
    const old = 'INCREMENT a v 1.0 permanent 1 ISSUED=1-jan-2008\nINCREMENT b v 1.0 permanent 2\n'
    expect(
      installed(`${old}INCREMENT a v 1.0 permanent 4 SUPERSEDE ISSUED=1-jan-2009 SN=1
INCREMENT a v 1.0 permanent 3 SUPERSEDE ISSUED=1-jan-2009 SN=2\n`),
    ).toMatchObject({ a: 7, b: 2 })
    expect(
      installed(`${old}INCREMENT c v 1.0 permanent 5 SUPERSEDE="a b" ISSUED=1-jan-2009\n`),
    ).toEqual({ x: undefined, c: 5 })
  })

  test('SUPERSEDE_SIGN removes the very line', () => {
    expect(
      installed(`INCREMENT a v 1.0 permanent 1 SIGN="00AB CDEF 1234"
INCREMENT a v 1.0 permanent 2 SIGN="00AC CDEF 1234"
INCREMENT a v 1.0 permanent 4 SUPERSEDE_SIGN={ "a:00AB CDEF" } SIGN=77\n`).a,
    ).toBe(6)
  })

  test('components of a package multiply and the package itself is none of them', () => {
    expect(
      installed(`PACKAGE p v 1.0 COMPONENTS="apple:1.5:2 orange:3.0:4 plain"
INCREMENT p v 1.0 permanent 3\n`),
    ).toEqual({ x: undefined, p: undefined, apple: 6, orange: 12, plain: 3 })
  })

  test('expired, not begun, locked and uncounted lines give no seats', () => {
    expect(
      installed(`INCREMENT a v 1.0 1-mar-2026 1
INCREMENT b v 1.0 2-mar-2026 1
INCREMENT c v 1.0 permanent 1 START=3-mar-2026
INCREMENT d v 1.0 permanent 1 START=2-mar-2026
INCREMENT e v 1.0 permanent 1 HOSTID=001122334455
INCREMENT f v 1.0 permanent uncounted HOSTID=ANY
INCREMENT g v 1.0 permanent 0 HOSTID=ANY\n`),
    ).toEqual({ x: undefined, a: 0, b: 1, c: 0, d: 1, e: undefined, f: undefined, g: undefined })
  })
})

describe('holders', () => {
  const who = (head: string, more = '') => {
    const { user, host, display } = parse(heading('f', 9, 9) + more + checkout(head)).checkouts.at(
      -1,
    )!
    return [user, host, display]
  }

  test.each([
    ['ann', ['ann', undefined, undefined]],
    ['ann pc1', ['ann', 'pc1', undefined]],
    ['ann pc1 :0', ['ann', 'pc1', ':0']],
    ['Ann Lee pc1 PC1', ['Ann Lee', 'pc1', 'PC1']],
    ['Ann Lee pc1 pc1:0.0', ['Ann Lee', 'pc1', 'pc1:0.0']],
    ['Ann Lee pc1 /dev/pts/2', ['Ann Lee', 'pc1', '/dev/pts/2']],
    ['ann pc1 (v2) (x) )', ['ann', 'pc1', '(v2) (x) )']],
    ['Jürgen  Öz BÜRO BÜRO', ['Jürgen  Öz', 'BÜRO', 'BÜRO']],
    ['"} 1 pc1 pc1', ['"} 1', 'pc1', 'pc1']],
  ])('%s', (head, expected) => {
    expect(who(head)).toEqual(expected)
  })

  test('a machine that another line names decides a line that could be split twice', () => {
    expect(who('Ann Lee atlas Big Screen', checkout('bo atlas atlas'))).toEqual([
      'Ann Lee',
      'atlas',
      'Big Screen',
    ])
  })
})

test('a line of 1 MB is counted in no time', () => {
  const texts = [' ', 'a ', '(', ') (v', '"', 'a@', ':', '), start '].map(token =>
    token.repeat(1_000_000 / token.length),
  )
  for (const long of texts) {
    const begin = performance.now()
    for (const before of ['Users of ', '"f" v', '', 'INCREMENT ', '1 RESERVATION for ']) {
      parse(`${heading('f', 1, 0)}${before}${long}\n`)
    }
    expect(performance.now() - begin).toBeLessThan(5000)
  }
})
