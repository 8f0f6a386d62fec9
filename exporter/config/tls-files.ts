import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { type Finding, problem, warning } from './problem.ts'
import type { Config } from './schema.ts'
import { checkFile, checkSecretFile } from './secret-file.ts'

type Tls = NonNullable<Config['api']['tls']>

/** Certificate and key are there, readable, valid now, and belong together. */
export function* checkTls(tls: Tls, now: Date): Iterable<Finding> {
  let certificate: X509Certificate | undefined
  let key: KeyObject | undefined
  const path = ['api', 'tls', 'cert_file']
  yield* checkFile(path, tls.cert_file, function* (bytes) {
    certificate = readCertificate(bytes)
    if (certificate) yield* validNow(path, tls.cert_file, certificate, now)
    else yield problem(path, `${tls.cert_file} holds no PEM certificate`)
  })
  yield* checkSecretFile(['api', 'tls', 'key_file'], tls.key_file, text => {
    try {
      key = createPrivateKey(text)
      return undefined
    } catch {
      return 'holds no PEM private key without a passphrase'
    }
  })
  if (certificate && key && !certificate.checkPrivateKey(key)) {
    yield problem(
      ['api', 'tls', 'key_file'],
      `${tls.key_file} is not the key of the certificate in ${tls.cert_file}; give a pair`,
    )
  }
  if (tls.client_ca_file !== undefined) {
    yield* checkCertificates(['api', 'tls', 'client_ca_file'], tls.client_ca_file)
  }
}

/** A file of trusted certificates. */
export function checkCertificates(path: Finding['path'], file: string): Iterable<Finding> {
  return checkFile(path, file, bytes =>
    readCertificate(bytes) ? [] : [problem(path, `${file} holds no PEM certificate`)],
  )
}

const dayMs = 86_400_000

function* validNow(
  path: Finding['path'],
  file: string,
  { validFromDate, validToDate }: X509Certificate,
  now: Date,
): Iterable<Finding> {
  const until = validToDate.toISOString().slice(0, 10)
  if (validToDate < now) {
    yield problem(path, `${file} expired on ${until}; renew the certificate`)
  } else if (validFromDate > now) {
    yield problem(
      path,
      `${file} is valid only from ${validFromDate.toISOString()}; check the clock`,
    )
  } else if (validToDate.getTime() - now.getTime() < 30 * dayMs) {
    yield warning(path, `${file} expires on ${until}; a renewed file is taken up while running`)
  }
}

function readCertificate(bytes: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(bytes)
  } catch {
    return undefined
  }
}
