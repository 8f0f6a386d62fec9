import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { ExporterError } from '../errors.ts'
import { decode } from '../managers/decode.ts'

/** An old log on disk, plain or gzip. */
export interface LogFile {
  path: string
  bytes: number
  gzip: boolean
  modified: Date
}

const chunkBytes = 256 * 1024
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
 * The lines of one log, a quarter of a MiB at a time: short-lived strings are cheap.
 * @param onBytes bytes of the file that were read since the last call
 * @throws ExporterError('unreadable') where a gzip file is damaged
 */
export async function* logLines(
  file: LogFile,
  onBytes: (count: number) => void = () => {},
): AsyncGenerator<string[]> {
  const raw = createReadStream(file.path, { highWaterMark: chunkBytes })
  raw.on('data', chunk => onBytes(chunk.length))
  const stream = file.gzip ? raw.pipe(createGunzip({ chunkSize: chunkBytes })) : raw
  // A broken file ends the stream that is read.
  if (stream !== raw) raw.on('error', error => stream.destroy(error))
  let rest: Buffer = Buffer.alloc(0)
  let tooLong = false
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const last = chunk.lastIndexOf(newline)
      if (last < 0) {
        rest = tooLong ? rest : Buffer.concat([rest, chunk])
        tooLong ||= rest.length > longestLine
        if (tooLong) rest = Buffer.alloc(0)
        continue
      }
      // The end of a line that is too long is no line of its own.
      const start = tooLong ? chunk.indexOf(newline) + 1 : 0
      tooLong = false
      const whole = chunk.subarray(start, last + 1)
      const lines = split(rest.length > 0 ? Buffer.concat([rest, whole]) : whole)
      rest = Buffer.from(chunk.subarray(last + 1))
      if (lines.length > 0) yield lines
    }
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new ExporterError('unreadable', `${file.path} cannot be read to its end (${why})`, {
      path: file.path,
      why,
    })
  }
  if (rest.length > 0) yield split(rest)
}

/** One line in another code page must not cost the others their letters. */
function split(bytes: Buffer): string[] {
  const utf8 = isUtf8(bytes)
  const text = bytes.toString(utf8 ? 'utf8' : 'latin1')
  const lines: string[] = []
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start)
    const end = found < 0 ? text.length : found
    const last = text.charCodeAt(end - 1) === 13 && end > start ? end - 1 : end
    if (last > start && last - start <= longestLine)
      lines.push(clean(text.slice(start, last), utf8))
    start = end + 1
  }
  return lines
}

function clean(line: string, utf8: boolean): string {
  if (!utf8 && /[\x80-\xff]/.test(line)) return decode(Buffer.from(line, 'latin1'))
  return line.includes('\0') ? line.replaceAll('\0', '') : line
}
