import { describe, expect, test } from 'vitest'
import { ExporterError } from '../../exporter/errors.ts'
import { heading, parse } from './flexlm-parse.ts'

function codeOf(run: () => unknown): string {
  try {
    run()
    return 'nothing thrown'
  } catch (error) {
    return error instanceof ExporterError ? error.code : `not ours: ${error}`
  }
}

const checkout = (who: string) => `    ${who} (v1.0) (lic/27000 1), start Mon 3/2 8:00\n`

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

describe('a name in quotes', () => {
  test.each([
    ['"ann" pc01 pc01:0.0', 'ann', 'pc01', 'pc01:0.0'],
    ['"Bea Lang" pc02', 'Bea Lang', 'pc02', undefined],
    // Half a pair is a letter of an encrypted display.
    ['carl pc03 "U,K$', 'carl', 'pc03', '"U,K$'],
    ['"dora pc04 x', '"dora', 'pc04', 'x'],
  ])('%s', (who, user, host, display) => {
    const [only] = parse(heading('f', 9, 1) + checkout(who)).checkouts
    expect([only?.user, only?.host, only?.display]).toEqual([user, host, display])
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
