import { promisify } from 'node:util'
import { constants, crc32, deflateRaw } from 'node:zlib'
import { createBreath } from './breathe.ts'

const deflate = promisify(deflateRaw)

/** Series repeat themselves: level 1 makes one byte of twelve, level 6 of seventeen for five times the time. */
const level = 1

const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 0xff])

/** The compressed beginning of a text: more can follow it, so that it is compressed once. */
export interface GzipStart {
  chunks: readonly Uint8Array[]
  crc: number
  length: number
}

/**
 * Compresses off the main thread. Each chunk ends on a byte border (full flush), so that what
 * changes by the second can be appended to the same member: every client reads a single member.
 */
export async function gzipStart(chunks: Iterable<Uint8Array>): Promise<GzipStart> {
  const breathe = createBreath()
  const compressed: Uint8Array[] = [header]
  let crc = 0
  let length = 0
  for (const chunk of chunks) {
    crc = crc32(chunk, crc)
    length += chunk.length
    compressed.push(await deflate(chunk, { level, finishFlush: constants.Z_FULL_FLUSH }))
    await breathe()
  }
  return { chunks: compressed, crc, length }
}

export async function gzipEnd(start: GzipStart, rest: Uint8Array): Promise<Uint8Array[]> {
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(crc32(rest, start.crc), 0)
  trailer.writeUInt32LE((start.length + rest.length) % 2 ** 32, 4)
  return [...start.chunks, await deflate(rest, { level }), trailer]
}
