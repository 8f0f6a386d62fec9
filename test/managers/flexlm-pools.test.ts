import { describe, expect, test } from 'vitest'
import { heading, parse } from './flexlm-parse.ts'

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
