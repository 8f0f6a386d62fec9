import type { Stats } from 'node:fs'
import { constants, type FileHandle, open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { ExporterError } from '../errors.ts'
import type { Output, Request } from '../managers/manager.ts'
import { inputLimit } from './limits.ts'
import { within } from './within.ts'

export type ReadRequest = Extract<Request, { read: string }>

export interface ReadOptions {
  timeoutSeconds: number
  now: Date
  /** Older than this is stale; undefined = any age is good (license files). */
  maxAgeSeconds?: number | undefined
}

/** Another job may just be writing: look again so often before it is left to the next tick. */
const looks = 3
const pauseMs = 200

/**
 * A file that another job writes; its time is its modification time. undefined = it changed while
 * it was read, each time: half a text is worse than an old one.
 *
 * @throws ExporterError unreadable, stale_input, output_limit
 */
export function readInput(request: ReadRequest, options: ReadOptions): Promise<Output | undefined> {
  const file = request.read
  const { timeoutSeconds } = options
  return within(timeoutSeconds, look(request, options), () => {
    const message = `${file} could not be read within ${timeoutSeconds} s`
    return new ExporterError('unreadable', message, { file })
  })
}

async function look(request: ReadRequest, options: ReadOptions): Promise<Output | undefined> {
  for (let i = 0; i < looks; i++) {
    if (i > 0) await sleep(pauseMs)
    const output = await readOnce(request, options)
    if (output) return output
  }
  return undefined
}

async function readOnce(request: ReadRequest, options: ReadOptions): Promise<Output | undefined> {
  const path = request.read
  const file = await openInput(path)
  try {
    const before = await file.stat()
    if (!before.isFile()) throw unreadable(path, 'is not a regular file')
    refuseStale(path, before, options)
    if (before.size > inputLimit) throw tooLong(path)
    const stdout = await readAll(file, before.size)
    const after = await file.stat()
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) return undefined
    if (stdout.length !== before.size) return undefined
    const at = new Date(Math.min(before.mtimeMs, options.now.getTime()))
    return { text: request.text, stdout, stderr: '', exitCode: undefined, at }
  } finally {
    await file.close()
  }
}

async function openInput(path: string): Promise<FileHandle> {
  try {
    // A FIFO without a writer would block the open for ever.
    return await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    throw unreadable(path, code === 'ENOENT' ? 'does not exist' : `cannot be opened (${code})`)
  }
}

async function readAll(file: FileHandle, size: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(size)
  let length = 0
  while (length < size) {
    const { bytesRead } = await file.read(buffer, length, size - length, length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return buffer.subarray(0, length)
}

function refuseStale(path: string, { mtimeMs }: Stats, { now, maxAgeSeconds }: ReadOptions): void {
  if (maxAgeSeconds === undefined) return
  const age = (now.getTime() - mtimeMs) / 1000
  if (age <= maxAgeSeconds) return
  const message = `${path} was written ${Math.round(age)} s ago, more than ${maxAgeSeconds} s: is the job that writes it running?`
  throw new ExporterError('stale_input', message, { file: path, age: Math.round(age) })
}

function tooLong(path: string): ExporterError {
  const message = `${path} is longer than ${inputLimit / 1024 / 1024} MiB: that is no answer of a license server`
  return new ExporterError('output_limit', message, { file: path })
}

function unreadable(path: string, why: string): ExporterError {
  return new ExporterError('unreadable', `${path} ${why}`, { file: path })
}
