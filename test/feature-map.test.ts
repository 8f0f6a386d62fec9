import { describe, expect, test } from 'vitest'
import { createFeatureMap } from '../exporter/feature-map.ts'
import { globMatches } from '../exporter/glob.ts'

const id = { server: 'cad', manager: 'flexlm', vendor: 'adskflex', feature: '86604ACD_2026' }

describe('the feature map', () => {
  test('takes the first match', () => {
    const map = createFeatureMap([
      { feature: '86*ACD_*', product: 'AutoCAD' },
      { feature: '*', product: 'Other' },
    ])
    expect(map(id)?.product).toBe('AutoCAD')
    expect(map({ ...id, feature: 'x' })?.product).toBe('Other')
  })

  test('compares server, manager and vendor where they are given, the vendor without case', () => {
    const product = 'AutoCAD'
    const mapped = (more: object, of = id) =>
      createFeatureMap([{ feature: '*', product, ...more }])(of)?.product
    expect(mapped({ vendor: 'ADSK*' })).toBe(product)
    expect(mapped({ vendor: 'other' })).toBeUndefined()
    expect(mapped({ server: 'cad', manager: 'flexlm' })).toBe(product)
    expect(mapped({ server: 'ca' })).toBeUndefined()
    expect(mapped({ manager: 'rlm' })).toBeUndefined()
  })

  test('says nothing of a feature that no table matches', () => {
    expect(createFeatureMap([])(id)).toBeUndefined()
    expect(createFeatureMap([{ feature: 'y' }])(id)).toBeUndefined()
  })
})

describe('a pattern', () => {
  test.each([
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['a', 'a', true],
    ['a', 'A', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*b', 'aab', true],
    ['a*', 'b', false],
    ['a*b*c', 'axxbyyc', true],
    ['a*b*c', 'axxbyy', false],
    ['**', 'x', true],
    ['a.c', 'abc', false],
    ['[a]', '[a]', true],
    ['*_OLD', 'x_OLD_OLD', true],
  ])('%s on %s: %s', (pattern, text, matches) => {
    expect(globMatches(pattern, text)).toBe(matches)
  })

  test('of many stars ends in time', () => {
    const started = performance.now()
    expect(globMatches('*a'.repeat(200), 'a'.repeat(20_000).concat('b'))).toBe(false)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
