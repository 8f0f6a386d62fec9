import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { run as health } from '../../exporter/cli/health.ts'
import { get, openStream } from './client.ts'
import { digest, type Running, start } from './parts.ts'

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

/** A connection that is kept. */
async function openTls(url: string) {
  const { port } = new URL(url)
  const socket = tls.connect({ host: '127.0.0.1', port: Number(port), rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  return {
    name: String(socket.getPeerCertificate().subject.CN),
    async ask(path: string): Promise<string> {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
      return String((await once(socket, 'data'))[0])
    },
    end: () => socket.destroy(),
  }
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

  it('TLS is turned on at the same port, and an answer under way is finished', async () => {
    running = await start({ deps })
    const { port } = running.server.address
    const stream = await openStream(running.url)
    await running.set({ api: { bind_port: port, ...files('one') } })
    expect((await getTls(`https://127.0.0.1:${port}`)).status).toBe(200)
    expect(running.server.address.url).toBe(`https://127.0.0.1:${port}`)
    running.events.emit({ event: 'license_server.up', msg: 'still here', attributes: {} })
    await stream.until(1)
    expect(stream.events.map(({ data }) => data.msg)).toEqual(['still here'])
    stream.close()
    await running.set({ api: { bind_port: port } })
    expect((await get(`http://127.0.0.1:${port}`, '/livez')).status).toBe(200)
  })

  it('an address that cannot be had leaves the old one as it was', async () => {
    running = await start({ deps })
    const { port } = running.server.address
    const away = { bind_address: '203.0.113.1', allow_public_bind: true, allow_anonymous: true }
    await expect(running.set({ api: { bind_port: port, ...away } })).rejects.toThrow(
      '203.0.113.1 is no address of this machine',
    )
    expect((await get(running.url, '/livez')).status).toBe(200)
    const moved = { api: { bind_port: port, ...files('one', 'two') } }
    await expect(running.set(moved)).rejects.toThrow('does not fit')
    expect((await get(running.url, '/livez')).status).toBe(200)
  })

  it('a client CA that a reload brings is asked for from then on', async () => {
    running = await start({ api: files('one'), deps })
    const { port } = running.server.address
    const tls = { ...files('one').tls, client_ca_file: join(folder, 'client.crt') }
    await running.set({ api: { bind_port: port, tls } })
    await expect(getTls(running.url)).rejects.toThrow()
    await running.set({ api: { bind_port: port, ...files('one') } })
    expect((await getTls(running.url)).status).toBe(200)
  })

  it('files replaced on disk are taken; what does not fit keeps the old pair, and is told once', async () => {
    const place = await mkdtemp(join(tmpdir(), 'tls-live-'))
    const live = (suffix: string) => join(place, `live.${suffix}`)
    const put = (name: string, suffix: 'crt' | 'key') =>
      copyFile(join(folder, `${name}.${suffix}`), live(suffix))
    await put('one', 'crt')
    await put('one', 'key')
    await writeFile(live('sha256'), digest('first-key'), { mode: 0o400 })
    const tls = { cert_file: live('crt'), key_file: live('key') }
    const keys = [{ name: 'a', sha256_file: live('sha256'), scopes: ['read'] }]
    running = await start({ api: { tls, keys }, deps: { ...deps, filesEveryMs: 50 } })
    const { url } = running
    const name = () => getTls(url).then(peer => peer.name)
    const told = (msg: string) => running!.logged.filter(line => line.includes(msg)).length
    const held = await openTls(url)
    expect(await name()).toBe('one')

    await put('two', 'crt')
    await expect.poll(() => told('was refused; the last good one stays')).toBe(1)
    expect(await name()).toBe('one')
    // A certificate that is halfway does not keep a key that was withdrawn alive.
    await rm(live('sha256'))
    await writeFile(live('sha256'), digest('second-key'), { mode: 0o400 })
    await expect.poll(() => told('API keys reloaded')).toBe(1)
    expect(told('was refused; the last good one stays')).toBe(1)

    await put('two', 'key')
    await expect.poll(name).toBe('two')
    expect(told('Certificate reloaded')).toBe(1)
    expect(await held.ask('/livez')).toMatch(/^HTTP\/1\.1 200 /)
    expect(held.name).toBe('one')
    held.end()
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
    // It shook hands and refused: it lives, and the health check has no certificate to show.
    expect(await health([running.url])).toBe(0)
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
