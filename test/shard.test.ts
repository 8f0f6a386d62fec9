import { describe, expect, test } from 'vitest'
import { configSchema } from '../exporter/config/schema.ts'
import { ExporterError } from '../exporter/errors.ts'
import { environmentOf, ofShard, parseShard, shardOf } from '../exporter/shard.ts'

const names = Array.from({ length: 100 }, (_, i) => `license-server-${i}`)
const server = names.map(name => ({ name, manager: 'flexlm' as const, read: `/var/lib/${name}` }))
const config = configSchema.parse({ state_dir: '/var/lib/license-exporter', server })

const shards = (count: number) =>
  Array.from({ length: count }, (_, index) => ofShard(config, { index, count }))

describe('shards', () => {
  test('read every server exactly once, at every number from 1 to 64', () => {
    for (let count = 1; count <= 64; count++) {
      const read = shards(count).flatMap(one => one.server.map(({ name }) => name))
      expect(read.toSorted(), `${count} shards`).toEqual(names.toSorted())
    }
  })

  test('share the servers evenly', () => {
    const sizes = [0, 0, 0, 0, 0]
    for (let i = 0; i < 10_000; i++) sizes[shardOf(`license-server-${i}`, 5)]!++
    expect(Math.min(...sizes)).toBeGreaterThan(1850)
    expect(Math.max(...sizes)).toBeLessThan(2150)
  })

  test('give to a new shard what it must have, and move nothing else', () => {
    for (let count = 1; count < 64; count++) {
      const moved = names.filter(name => shardOf(name, count) !== shardOf(name, count + 1))
      expect(moved.every(name => shardOf(name, count + 1) === count)).toBe(true)
      expect(moved.length).toBeLessThan(names.length * (0.1 + 1.5 / (count + 1)))
    }
  })

  test('stand still between versions: another hash would lose every log position', () => {
    expect(['cad', 'simulation', 'render', 'cad-eu', 'cad-us'].map(one => shardOf(one, 7))).toEqual(
      [1, 3, 5, 2, 3],
    )
  })

  test('keep the order of the configuration, and one state folder each', () => {
    const [first, second] = shards(2)
    const order = first!.server.map(({ name }) => names.indexOf(name))
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(first!.state_dir).toBe('/var/lib/license-exporter/shard-0')
    expect(second!.state_dir).toBe('/var/lib/license-exporter/shard-1')
  })
})

describe('the own license', () => {
  const licensed = configSchema.parse({ self_license: { required: true } })
  const env = { IOSETU_LICENSE_FILE: '/run/l.jwt', IOSETU_LICENSE_KEY: 'key', TZ: 'UTC' }

  test('is watched by the first shard alone, at every number', () => {
    for (let count = 1; count <= 64; count++) {
      for (let index = 0; index < count; index++) {
        const shard = { index, count }
        expect(ofShard(licensed, shard).self_license.required).toBe(index === 0)
        expect(environmentOf(shard, env)).toEqual(index === 0 ? env : { TZ: 'UTC' })
      }
    }
  })
})

describe('--shard', () => {
  test('is i/N, from 0', () => {
    expect(parseShard('0/1')).toEqual({ index: 0, count: 1 })
    expect(parseShard('63/64')).toEqual({ index: 63, count: 64 })
  })

  test.each([
    '',
    '1',
    '1/1',
    '3/2',
    '-1/2',
    '0/0',
    '0/1025',
    'a/b',
    '0/2/3',
    '$ORDINAL/3',
    '0 / 2',
  ])('%j is refused with a sentence', text => {
    expect(() => parseShard(text)).toThrow(ExporterError)
    expect(() => parseShard(text)).toThrow(/write i\/N with N from 1 to 1024/)
  })
})
