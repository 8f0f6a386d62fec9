import { createReadStream, readSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { ExporterError } from '../errors.ts'
import { decode, utf16Of } from '../managers/decode.ts'

/** An old log on disk, plain or gzip. */
export interface LogFile {
  path: string
  bytes: number
  gzip: boolean
  modified: Date
}

const chunkBytes = 64 * 1024
/** Longer is no line of a log: it is left out. */
const longestLine = 64 * 1024
const newline = 10

/** @throws ExporterError('usage') for what is no readable file */
export async function logFile(path: string): Promise<LogFile> {
  const refuse = (why: string) =>
    new ExporterError('usage', `${path} ${why}: name a log file, plain or gzip`, { path })
  const stats = await stat(path).catch(error => {
    throw refuse(`cannot be read (${(error as NodeJS.ErrnoException).code})`)
  })
  if (stats.isDirectory()) throw refuse('is a folder')
  if (!stats.isFile()) throw refuse('is not a regular file')
  const file = await open(path, 'r').catch(error => {
    throw refuse(`cannot be read (${(error as NodeJS.ErrnoException).code})`)
  })
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    const gzip = bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
    return { path, bytes: stats.size, gzip, modified: stats.mtime }
  } finally {
    await file.close()
  }
}

/**
 * One log in pieces of whole lines, each line ended by a line feed. Lines of more than 64 KiB are
 * left out; UTF-16 comes as UTF-8.
 * @param onBytes bytes of the file that were read since the last call
 * @returns pieces that are good until the next one is asked for
 * @throws ExporterError('unreadable') where a gzip file is damaged
 */
export async function* logPieces(
  file: LogFile,
  onBytes: (count: number) => void = () => {},
): AsyncGenerator<Buffer> {
  let piece = Buffer.allocUnsafe(longestLine + chunkBytes + 1)
  /** Bytes of a line whose end has not come yet; they stand at the begin of the piece. */
  let begun = 0
  let tooLong = false
  for await (const chunk of textChunks(file, onBytes)) {
    // The end of a line that is too long is no line of its own.
    const from = tooLong ? chunk.indexOf(newline) + 1 : 0
    if (tooLong && from === 0) continue
    tooLong = false
    const end = chunk.lastIndexOf(newline) + 1
    if (end > from) {
      const size = begun + end - from
      if (size >= piece.length) piece = Buffer.concat([piece.subarray(0, begun)], size + 1)
      chunk.copy(piece, begun, from, end)
      yield piece.subarray(0, size)
      begun = 0
    }
    const rest = Math.max(from, end)
    tooLong = begun + chunk.length - rest > longestLine
    if (tooLong) begun = 0
    else begun += chunk.copy(piece, begun, rest)
  }
  if (begun === 0) return
  piece[begun] = newline
  yield piece.subarray(0, begun + 1)
}

/** The line at `from` without its end. One in another code page must not cost the others their letters. */
export function lineOf(piece: Buffer, from: number, end: number): string {
  const last = end > from && piece[end - 1] === 13 ? end - 1 : end
  if (last - from > longestLine) return ''
  for (let i = from; i < last; i++) {
    const byte = piece[i] as number
    if (byte === 0 || byte >= 0x80) return decode(piece.subarray(from, last))
  }
  return piece.toString('latin1', from, last)
}

async function* textChunks(
  file: LogFile,
  onBytes: (count: number) => void,
): AsyncGenerator<Buffer> {
  let decoder: InstanceType<typeof TextDecoder> | undefined
  let first = true
  try {
    for await (const chunk of file.gzip ? unpacked(file, onBytes) : chunks(file, onBytes)) {
      const utf16 = first ? utf16Of(chunk) : undefined
      if (utf16) decoder = new TextDecoder(utf16)
      first = false
      yield decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : chunk
    }
  } catch (error) {
    if (error instanceof ExporterError) throw error
    const why = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new ExporterError('unreadable', `${file.path} cannot be read to its end (${why})`, {
      path: file.path,
      why,
    })
  }
}

/** Always the same memory: a log of 1 GB needs no more of it than one of 10 MB. */
async function* chunks({ path }: LogFile, onBytes: (count: number) => void) {
  const file = await open(path, 'r')
  try {
    const buffer = Buffer.allocUnsafe(chunkBytes)
    for (;;) {
      // A hop to another thread costs as much as to read.
      const bytesRead = readSync(file.fd, buffer, 0, chunkBytes, null)
      if (bytesRead === 0) return
      onBytes(bytesRead)
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

async function* unpacked({ path }: LogFile, onBytes: (count: number) => void) {
  const { createGunzip } = await import('node:zlib')
  const raw = createReadStream(path, { highWaterMark: chunkBytes })
  raw.on('data', chunk => onBytes(chunk.length))
  const stream = raw.pipe(createGunzip({ chunkSize: chunkBytes }))
  // A broken file ends the stream that is read.
  raw.on('error', error => stream.destroy(error))
  try {
    yield* stream as AsyncIterable<Buffer>
  } finally {
    raw.destroy()
  }
}
