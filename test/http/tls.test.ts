import { execFileSync } from 'node:child_process'
import { copyFile, mkdtemp } from 'node:fs/promises'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type tls from 'node:tls'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { run as health } from '../../exporter/cli/health.ts'
import { type Running, start } from './parts.ts'

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    console.log('skipped: openssl is not installed, and certificates are made with it')
    return false
  }
})()

let folder: string
let running: Running | undefined

function makeCertificate(name: string): void {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
    '-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.crt`),
    '-days', '30', '-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
  ], { stdio: 'ignore' }) // biome-ignore format: arguments as on a command line
}

const files = (cert: string, key = cert) => ({
  tls: { cert_file: join(folder, `${cert}.crt`), key_file: join(folder, `${key}.key`) },
})

/** Real time: the certificates are made now. */
const deps = { now: () => new Date() }

interface Peer {
  status: number
  name: string
}

function getTls(url: string, options: https.RequestOptions = {}): Promise<Peer> {
  return new Promise((resolve, reject) => {
    const request = https.get(
      `${url}/livez`,
      { rejectUnauthorized: false, agent: false, ...options },
      response => {
        const { subject } = (response.socket as tls.TLSSocket).getPeerCertificate()
        response.resume()
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, name: String(subject.CN) }),
        )
      },
    )
    request.on('error', reject)
  })
}

describe.runIf(hasOpenssl)('TLS', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tls-'))
    for (const name of ['one', 'two', 'client']) makeCertificate(name)
  })
  afterEach(async () => {
    await running?.server.close()
    running = undefined
  })

  it('is served with 1.2 and 1.3 and not below', async () => {
    running = await start({ api: files('one'), deps })
    expect(running.url).toMatch(/^https:/)
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const options = { minVersion: version, maxVersion: version }
      expect((await getTls(running.url, options)).status).toBe(200)
    }
    const old = {
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    } as const
    await expect(getTls(running.url, old)).rejects.toThrow()
    expect(await health([running.url])).toBe(0)
  })

  it('takes another certificate without closing the door', async () => {
    running = await start({ api: files('one'), deps })
    expect((await getTls(running.url)).name).toBe('one')
    await running.set({ api: files('two') })
    const { port } = running.server.address
    expect((await getTls(`https://127.0.0.1:${port}`)).name).toBe('two')
  })

  it('refuses a key of another certificate, no certificate, and one that has expired', async () => {
    await expect(start({ api: files('one', 'two'), deps })).rejects.toThrow('does not fit')
    await copyFile(join(folder, 'one.key'), join(folder, 'none.crt'))
    await expect(start({ api: files('none', 'one'), deps })).rejects.toThrow(
      'no certificate in PEM',
    )
    const later = { now: () => new Date(Date.now() + 60 * 86_400_000) }
    await expect(start({ api: files('one'), deps: later })).rejects.toThrow('expired on')
  })

  it('with a client CA answers none but its certificates', async () => {
    const api = { tls: { ...files('one').tls, client_ca_file: join(folder, 'client.crt') } }
    running = await start({ api, deps })
    await expect(getTls(running.url)).rejects.toThrow()
    const { readFile } = await import('node:fs/promises')
    const client = {
      cert: await readFile(join(folder, 'client.crt')),
      key: await readFile(join(folder, 'client.key')),
    }
    expect((await getTls(running.url, client)).status).toBe(200)
  })
})

it('the health command says whether an exporter lives there', async () => {
  running = await start({})
  expect(await health([running.url])).toBe(0)
  expect(await health([`${running.url}/nothing`])).toBe(1)
  await running.server.close()
  expect(await health([running.url])).toBe(1)
  expect(await health(['ftp://localhost'])).toBe(2)
  running = undefined
})
