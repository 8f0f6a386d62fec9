import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { SecureContextOptions } from 'node:tls'
import type { Config } from '../config/schema.ts'
import { ExporterError } from '../errors.ts'
import { readSecretFile } from './secret-file.ts'

export type TlsFiles = NonNullable<Config['api']['tls']>

export interface TlsMaterial {
  options: SecureContextOptions & { cert: string; key: string }
  /** Equal where no file changed. */
  fingerprint: string
  /** With a client CA only its certificates come in. */
  asksClient: boolean
  keyReadableByOthers: boolean
}

/**
 * Certificate, key and client CA, checked as far as a client would: they fit together and the
 * certificate holds now.
 * @throws ExporterError('config')
 */
export async function loadTls(files: TlsFiles, now: Date): Promise<TlsMaterial> {
  const cert = await readText(files.cert_file)
  const { text: key, readableByOthers } = await readSecretFile(files.key_file)
  const ca = files.client_ca_file && (await readText(files.client_ca_file))
  const leaf = parse(files.cert_file, 'certificate', () => new X509Certificate(cert))
  const privateKey = parse(files.key_file, 'private key', () => createPrivateKey(key))
  if (ca) parse(files.client_ca_file!, 'certificate', () => new X509Certificate(ca))
  if (!leaf.checkPrivateKey(privateKey)) {
    throw refused(files.key_file, `does not fit the certificate ${files.cert_file}`)
  }
  if (new Date(leaf.validTo) <= now) {
    throw refused(files.cert_file, `expired on ${new Date(leaf.validTo).toISOString()}`)
  }
  return {
    options: { cert, key, minVersion: 'TLSv1.2', ...(ca ? { ca } : {}) },
    fingerprint: JSON.stringify([cert, key, ca ?? '']),
    asksClient: ca !== undefined,
    keyReadableByOthers: readableByOthers,
  }
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw refused(path, `cannot be read (${cause.code ?? 'unknown'})`)
  })
}

function parse<Parsed>(path: string, what: string, read: () => Parsed): Parsed {
  try {
    return read()
  } catch {
    // What OpenSSL says is not repeated: it can quote the file.
    throw refused(path, `holds no ${what} in PEM`)
  }
}

function refused(path: string, why: string): ExporterError {
  return new ExporterError('config', `${path} ${why}`, { file: path })
}
