import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Config } from './config/schema.ts'
import { ExporterError } from './errors.ts'

const fileName = 'privacy.key'
const leastBytes = 16

/**
 * The key of `users = "hash"`: `key_file`, else `state_dir/privacy.key`, which the first start
 * makes. undefined where nothing is hashed. Whoever has it can test guesses of names.
 * @throws ExporterError('config') where it is needed and cannot be had
 */
export async function loadPrivacyKey(
  config: Pick<Config, 'privacy' | 'state_dir'>,
): Promise<Uint8Array | undefined> {
  const { users, hosts, key_file: keyFile } = config.privacy
  if (users !== 'hash' && hosts !== 'hash') return undefined
  if (keyFile !== undefined) return readKey(keyFile)
  if (config.state_dir === undefined) {
    throw new ExporterError(
      'config',
      'names can be hashed only with a key that stays: set state_dir, or privacy.key_file',
    )
  }
  const path = join(config.state_dir, fileName)
  await makeKey(path)
  return readKey(path)
}

/** Written whole, then linked: of two programs that start at once one makes it and both read it. */
async function makeKey(path: string): Promise<void> {
  const draft = `${path}.${process.pid}`
  try {
    if (await exists(path)) return
    await mkdir(dirname(path), { recursive: true, mode: 0o750 })
    const file = await open(draft, 'w', 0o600)
    try {
      await file.writeFile(`${randomBytes(32).toString('hex')}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return
    throw unusable(path, 'cannot be made', error)
  } finally {
    await rm(draft, { force: true }).catch(() => undefined)
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

async function readKey(path: string): Promise<Uint8Array> {
  let key: Buffer
  try {
    const { mode } = await stat(path)
    if (process.platform !== 'win32' && (mode & 0o022) !== 0) {
      throw unusable(path, 'is writable by others: run chmod 600 on it')
    }
    key = await readFile(path)
  } catch (error) {
    if (error instanceof ExporterError) throw error
    throw unusable(path, 'cannot be read', error)
  }
  const text = key.toString('latin1').trim()
  if (text.length < leastBytes) throw unusable(path, `holds less than ${leastBytes} bytes`)
  return Buffer.from(text, 'latin1')
}

function unusable(path: string, why: string, cause?: unknown): ExporterError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code
  return new ExporterError(
    'config',
    `the privacy key ${path} ${why}${code ? ` (${code})` : ''}`,
    { file: path },
    { cause },
  )
}
