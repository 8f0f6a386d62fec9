import { describe, expect, test } from 'vitest'
import { flexlm } from '../../exporter/managers/flexlm/index.ts'
import { parse } from './flexlm-parse.ts'

const pool = '  "f" v1.0, vendor: demo\n  floating license\n\n'
const checkout = (tail: string) =>
  `    ann pc01 :0 (v1.0) (lic/27000 101), start Mon 3/2 8:00${tail}\n`
const feature = (text: string) => parse(text).features[0]

describe('headings of old and new versions', () => {
  test('before version 9.2 a heading tells what is served, its lines what is in use', () => {
    const text = `Users of f:  (Total of 9 licenses available)\n\n${pool}${checkout('')}\n\t3 RESERVATIONs for INTERNET 10.0.0.1 (lic/27000)\n`
    expect(feature(text)).toMatchObject({ issued: 9, used: 4 })
    expect(parse(text).unparsed).toEqual([])
    expect(feature('Users of g:  (Total of 1 license available)\n')).toMatchObject({
      issued: 1,
      used: 0,
    })
  })

  test('a word may stand before the licenses that are issued', () => {
    const text = 'Users of f:  (Total of 5 floating licenses issued;  Total of 1 license in use)\n'
    expect(feature(text)).toMatchObject({ issued: 5, used: 1 })
  })

  test('a license that has not begun is shown with its problem', () => {
    expect(feature('Users of f:  (Warning: 7 licenses, future start date)\n')).toMatchObject({
      issued: 7,
      used: 0,
      problems: ['disabled'],
    })
  })
})

describe('tails of a checkout', () => {
  const under = `Users of f:  (Total of 9 licenses issued;  Total of 2 licenses in use)\n${pool}`
  test.each([
    [', 2 licenses, borrow-return Tue 3/3 9:00 (linger: 90000)', 2, 'borrowed', 90_000],
    [', borrow-return Tue 3/3 9:00', 1, 'borrowed', undefined],
    [', borrow-return Tue 3/3 9:00, 2 licenses', 2, 'borrowed', undefined],
    [', 2 licenses  (linger: 0 / 600), PROJECT: apollo 9 licenses ', 2, 'active', 0],
    [', PROJECT: apollo ', 1, 'active', undefined],
  ])('"%s" is %i seats, %s', (tail, seats, state, linger) => {
    const { checkouts, unparsed } = parse(under + checkout(tail))
    expect(unparsed).toEqual([])
    expect(checkouts).toMatchObject([{ user: 'ann', host: 'pc01', seats, state }])
    expect(checkouts[0]?.lingerSeconds).toBe(linger)
  })

  test('the project leaves with the names', () => {
    const text = flexlm.anonymise?.(under + checkout(', PROJECT: apollo '), 'status') ?? ''
    expect(text).toContain(', PROJECT: ')
    expect(text).not.toContain('apollo')
  })
})

test('seats reserved for a package are reserved', () => {
  const text = `Users of f:  (Total of 9 licenses issued;  Total of 2 licenses in use)\n${pool}\t2 RESERVATIONs (f) for PACKAGE suite, GROUP cad (lic/27000)\n`
  const { features, unparsed } = parse(text)
  expect(features[0]?.reservations).toMatchObject([{ kind: 'PACKAGE', seats: 2 }])
  expect(unparsed).toEqual([])
})

describe('names that a column cut', () => {
  const long = 'structural_optimization_advanced_solver'
  const list = (name: string) =>
    `Feature                         Version     #licenses    Vendor        Expires\n_______                         _________   _________    ______        ________\n${name.slice(0, 31).padEnd(31)} 1.0          4           demo          31-dec-2026\n`
  const status = (...names: string[]) =>
    names
      .map(name => `Users of ${name}:  (Total of 4 licenses issued;  Total of 0 licenses in use)\n`)
      .join('')

  test('a row of the feature list is of the one feature that begins so', () => {
    const { features, pools } = parse(status(long) + list(long))
    expect(features.map(({ name }) => name)).toEqual([long])
    expect(pools).toMatchObject([{ feature: long, seats: 4, vendor: 'demo' }])
  })

  test('two features that begin so leave it as it is written', () => {
    const { features } = parse(status(long, `${long}_2`) + list(long))
    expect(features).toHaveLength(3)
  })

  test('a feature of just that length is itself', () => {
    const whole = long.slice(0, 31)
    const { features } = parse(status(whole, long) + list(whole))
    expect(features.map(({ name }) => name)).toEqual([whole, long])
  })

  test('a list with a longer name cuts none', () => {
    const rows = `${list(long)}${long}_x 1.0 4 demo 31-dec-2026\n`
    const names = parse(status(long) + rows).features.map(({ name }) => name)
    expect(names).toEqual([long, long.slice(0, 31), `${long}_x`])
  })

  test('a daemon is the vendor that begins so', () => {
    const text = `Vendor daemon status (on lic):\n\n  longvendor: UP v11.16.4\nFeature usage info:\n\nUsers of f:  (Total of 1 license issued;  Total of 0 licenses in use)\nUsers of g:  (Total of 1 license issued;  Total of 1 license in use)\n\n  "g" v1.0, vendor: longvendord, expiry: 1-jan-0\n`
    const { daemons, features } = parse(text)
    expect(daemons).toMatchObject([{ vendor: 'longvendord', up: true }])
    expect(features.map(({ vendor }) => vendor)).toEqual(['longvendord', 'longvendord'])
  })
})

describe('increments told apart', () => {
  const increment = (version: string, end: string, issued: number, used: number) =>
    `Feature "mesh" v${version}, vendor: demo, expiry: ${end} (Total of ${issued} licenses issued;  Total of ${used} floating non-reserved licenses in use)\n`
  const text = `***** FEATURE name: "mesh", vendor: demo, (AGGREGATE TOTAL of 5 licenses issued;  AGGREGATE TOTAL of 2 floating non-reserved licenses in use) *****
${increment('2025.1', 'permanent(no expiration date)', 3, 1)}    (Total of 0 users queued;  Total of 1 license reserved)
\tUsername: ann, Node: pc01, Display: :0, Number of licenses used: 1, License handle: 101
${'='.repeat(100)}
${increment('2026.1', '31-dec-2026', 2, 1)}    (Total of 1 user queued;  Total of 0 licenses reserved)
\tUsername: bob lee, Node: pc02, Display: pc02:0.0, Number of licenses used: 1, License handle: 102
${'#'.repeat(100)}
`

  test('are pools of one feature; reserved seats are in use, the sum above is not added', () => {
    const { features, pools, checkouts, unparsed, status } = parse(text)
    expect(status).toEqual({ up: true })
    expect(features).toMatchObject([
      { vendor: 'demo', name: 'mesh', issued: 5, used: 3, queued: 1 },
    ])
    expect(features[0]?.reservations).toMatchObject([{ seats: 1 }])
    expect(pools).toMatchObject([
      { version: '2025.1', seats: 3, permanent: true },
      { version: '2026.1', seats: 2, permanent: false },
    ])
    expect(checkouts).toMatchObject([
      { vendor: 'demo', user: 'ann', host: 'pc01', display: ':0', seats: 1 },
      { vendor: 'demo', user: 'bob lee', host: 'pc02', seats: 1 },
    ])
    expect(unparsed).toEqual([])
  })

  test('are not counted again where a feature list follows', () => {
    const list = 'Feature Version #licenses Vendor Expires\nmesh 2026.1 2 demo 31-dec-2026\n'
    expect(parse(text + list).pools).toEqual(parse(text).pools)
  })

  test('keep their facts without their names', () => {
    const hidden = flexlm.anonymise?.(text, 'status') ?? ''
    for (const name of ['ann', 'bob', 'lee', 'pc01', 'pc02']) expect(hidden).not.toContain(name)
    expect(parse(hidden).features).toEqual(parse(text).features)
    expect(parse(hidden).checkouts).toHaveLength(2)
  })
})

describe('license files of old versions', () => {
  test('a version may begin with its point', () => {
    const { pools, unparsed } = parse('INCREMENT f demo .5 permanent 3 AB12CD34EF56\n')
    expect(pools).toMatchObject([{ version: '.5', seats: 3 }])
    expect(unparsed).toEqual([])
  })

  test('start: begins a license as START= does', () => {
    const file = 'FEATURE f demo 1.0 permanent 4 start:1-jan-2031 SIGN=0\n'
    expect(feature(file)).toMatchObject({ installed: 0 })
  })
})

describe('errors of the library', () => {
  test('what it explains below an error is understood, the code in it or not', () => {
    const text = `Error getting status: Cannot connect to license server system.
 The license server manager (lmgrd) has not been started yet,
 the wrong port@host or license file is being used, or the
 port or hostname in the license file has been changed.
Feature:       f
Server name:   192.0.2.1
License path:  27000@lic;
FlexNet Licensing error:-15,578.  System Error: 10060 "WinSock: Connection timed out"
`
    expect(parse(text)).toMatchObject({ status: { up: false, reason: 'connect' }, unparsed: [] })
  })
})

test('lines may end with a carriage return alone', () => {
  const text = `Users of f:  (Total of 9 licenses issued;  Total of 1 license in use)\n${pool}${checkout('')}`
  expect(parse(text.replaceAll('\n', '\r'))).toEqual(parse(text))
})
