import { open } from 'node:fs/promises'
import { ExporterError } from '../errors.ts'

const maxBytes = 1024 * 1024

export interface SecretFile {
  text: string
  /** Others on this machine can read it, as with the default of Kubernetes Secrets. */
  readableByOthers: boolean
}

/** A file that decides who gets in: whoever could write it could let himself in. */
export async function readSecretFile(path: string): Promise<SecretFile> {
  const file = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw new ExporterError('config', `${path} cannot be read (${cause.code ?? 'unknown'})`, {
      file: path,
    })
  })
  try {
    const stat = await file.stat()
    const refuse = (why: string) => new ExporterError('config', `${path} ${why}`, { file: path })
    if (!stat.isFile()) throw refuse('is not a regular file')
    if (stat.size > maxBytes) throw refuse('is larger than 1 MiB')
    const writable = process.platform !== 'win32' && (stat.mode & 0o022) !== 0
    if (writable) throw refuse('is writable by group or others: chmod go-w it')
    return {
      text: await file.readFile('utf8'),
      readableByOthers: process.platform !== 'win32' && (stat.mode & 0o004) !== 0,
    }
  } finally {
    await file.close()
  }
}
