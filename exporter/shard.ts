import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Config } from './config/schema.ts'
import { ExporterError } from './errors.ts'

/** One of `count` exporters that share one configuration; `index` counts from 0. */
export interface Shard {
  index: number
  count: number
}

/** More would each hash every name for nothing: one process reads a thousand servers. */
export const mostShards = 1024

/** `--shard 0/3`. @throws ExporterError('usage') */
export function parseShard(text: string): Shard {
  const [, index, count] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []
  const shard = { index: Number(index), count: Number(count) }
  if (shard.count >= 1 && shard.count <= mostShards && shard.index < shard.count) return shard
  throw new ExporterError(
    'usage',
    `--shard ${JSON.stringify(text)} is no shard; write i/N with N from 1 to ${mostShards} and i from 0 to N-1, such as 0/3`,
  )
}

/**
 * Which of `count` shards reads this server: the one with the highest hash of both (rendezvous
 * hashing). One more shard takes what it must from the others and moves nothing between them.
 */
export function shardOf(server: string, count: number): number {
  const name = createHash('sha256').update(server).digest().readUInt32BE()
  let best = 0
  let highest = -1
  for (let index = 0; index < count; index++) {
    const weight = mix(name ^ Math.imul(index + 1, 0x9e3779b1))
    if (weight > highest) {
      highest = weight
      best = index
    }
  }
  return best
}

/** The finaliser of MurmurHash3: every bit of the input changes half of the output's. */
function mix(value: number): number {
  let h = value
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/**
 * The configuration with the servers of this shard; each shard keeps its state in its own folder. The
 * own license is one, however many read the servers: the first shard watches it.
 */
export function ofShard(config: Config, { index, count }: Shard): Config {
  return {
    ...config,
    server: config.server.filter(({ name }) => shardOf(name, count) === index),
    self_license: { required: config.self_license.required && index === 0 },
    ...(config.state_dir !== undefined && { state_dir: join(config.state_dir, `shard-${index}`) }),
  }
}

/** What the environment says to this shard: where the own license lies is for the first one. */
export function environmentOf(
  { index }: Shard,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  if (index === 0) return env
  const { IOSETU_LICENSE_FILE: _file, IOSETU_LICENSE_KEY: _key, ...rest } = env
  return rest
}
