import { once } from 'node:events'
import { promisify } from 'node:util'
import { constants, crc32, createDeflateRaw, deflateRaw } from 'node:zlib'
import { createBreath } from './breathe.ts'

/** Series repeat themselves: level 1 makes one byte of twelve, level 6 of seventeen for five times the time. */
const level = 1

const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 0xff])
const deflate = promisify(deflateRaw)

/** The compressed beginning of a text: more can follow it, so that it is compressed once. */
export interface GzipStart {
  chunks: readonly Uint8Array[]
  crc: number
  length: number
}

/**
 * Compresses off the main thread; a chunk is done with before the next one is asked for. The end is
 * no end but a byte border (full flush), so that what changes by the second can be appended to the
 * same member: every client reads a single member.
 */
export async function gzipStart(chunks: Iterable<Uint8Array>): Promise<GzipStart> {
  const breathe = createBreath()
  const compressed: Uint8Array[] = [header]
  const stream = createDeflateRaw({ level, chunkSize: 65_536 })
  stream.on('data', (part: Buffer) => compressed.push(part))
  // Before anything is written: an error must find a listener whenever it comes.
  const failed = once(stream, 'error').then(([error]) => Promise.reject(error as Error))
  failed.catch(() => undefined)
  let crc = 0
  let length = 0
  try {
    for (const chunk of chunks) {
      crc = crc32(chunk, crc)
      length += chunk.length
      await Promise.race([new Promise<void>(done => stream.write(chunk, () => done())), failed])
      await breathe()
    }
    const flushed = new Promise<void>(done => stream.flush(constants.Z_FULL_FLUSH, done))
    await Promise.race([flushed, failed])
  } finally {
    stream.destroy()
  }
  return { chunks: compressed, crc, length }
}

export async function gzipEnd(start: GzipStart, rest: Uint8Array): Promise<Uint8Array[]> {
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(crc32(rest, start.crc), 0)
  trailer.writeUInt32LE((start.length + rest.length) % 2 ** 32, 4)
  return [...start.chunks, await deflate(rest, { level }), trailer]
}
