import { Buffer } from 'node:buffer'
import { constants, type Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { limits } from './constants.ts'

/** Where the license comes from. `variable`: IOSETU_LICENSE_KEY or a key the program was given. */
export type LicenseSource = { file: string } | { key: string } | undefined

export type LicenseBytes =
  | { ok: true; bytes: Uint8Array }
  | { ok: false; code: 'missing' | 'unreadable' | 'oversized' }

/** A file that is named wins whatever it is; the variable is read anew each time. */
export function sourceOf(
  options: { file?: string | undefined; key?: string | undefined },
  environment: Readonly<Record<string, string | undefined>>,
): LicenseSource {
  const given = options.file !== undefined || options.key !== undefined
  const file = given ? options.file : environment.IOSETU_LICENSE_FILE
  const key = given ? options.key : environment.IOSETU_LICENSE_KEY
  if (file) return { file }
  return key ? { key } : undefined
}

/** At most 16 KiB and one byte of a regular file; a pipe without a writer does not hold it up. */
export async function readLicense(source: LicenseSource): Promise<LicenseBytes> {
  if (!source) return { ok: false, code: 'missing' }
  if ('key' in source) return { ok: true, bytes: Buffer.from(source.key) }
  let handle: FileHandle | undefined
  try {
    handle = await open(source.file, constants.O_RDONLY | constants.O_NONBLOCK)
    const stats: Stats = await handle.stat()
    if (!stats.isFile()) return { ok: false, code: 'unreadable' }
    if (stats.size > limits.file) return { ok: false, code: 'oversized' }
    const buffer = Buffer.alloc(limits.file + 1)
    let length = 0
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length)
      length += bytesRead
      if (bytesRead === 0 || length === buffer.length) break
    }
    return { ok: true, bytes: buffer.subarray(0, length) }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return { ok: false, code: code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable' }
  } finally {
    await handle?.close().catch(() => {})
  }
}

/** A read that hangs (a network file system) counts as unreadable and is not started twice. */
export function createLicenseReader(
  source: () => LicenseSource,
  patience = 10_000,
  read = readLicense,
): () => Promise<LicenseBytes> {
  let pending: Promise<LicenseBytes> | undefined
  return async () => {
    const hung: LicenseBytes = { ok: false, code: 'unreadable' }
    if (pending) return hung
    const reading = read(source()).finally(() => {
      pending = undefined
    })
    pending = reading
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<LicenseBytes>(done => {
      timer = setTimeout(() => done(hung), patience)
    })
    return Promise.race([reading, late]).finally(() => clearTimeout(timer))
  }
}
