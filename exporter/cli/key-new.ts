import { open } from 'node:fs/promises'
import { ExporterError } from '../errors.ts'
import { newKeyPair } from '../self-license/issue.ts'
import { keyError, keyOptions } from './key-options.ts'

/** `key new --out FILE`: the private key goes into the file alone, the public one is shown. */
export async function newKey(args: string[]): Promise<number> {
  const { values } = keyOptions(args, { out: { type: 'string', short: 'o' } })
  if (!values.out) throw keyError('key new needs --out FILE for the private key')
  const { privateKey, publicKey } = await newKeyPair()
  await writeSecret(values.out, `${JSON.stringify(privateKey)}\n`)
  process.stdout.write(`${JSON.stringify({ keys: [publicKey] }, null, 2)}\n`)
  process.stderr.write(`The private key is in ${values.out} (0600): keep it secret, and a copy in a safe place.
Above is the public key: put it into trusted-keys.ts, or pass it to createLicenseMonitor.
`)
  return 0
}

/** A file for its owner alone; one that is there is never overwritten. */
export async function writeSecret(file: string, text: string): Promise<void> {
  try {
    const handle = await open(file, 'wx', 0o600)
    try {
      await handle.chmod(0o600)
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why =
      code === 'EEXIST'
        ? 'is there already and is not overwritten; choose another name'
        : `cannot be written (${code})`
    throw new ExporterError('usage', `${file} ${why}`, {}, { cause: error })
  }
}
