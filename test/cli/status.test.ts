import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../free-port.ts'
import { program } from './program.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'license-exporter-status-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const lmstat = `Flexible License Manager status on Sun 11/22/2026 10:00

License server status: 27000@lic1
      lic1: license server UP (MASTER) v11.18.2

Vendor daemon status (on lic1):
      acmed: UP v11.18.2

Users of solid:  (Total of 10 licenses issued;  Total of 9 licenses in use)
`

function write(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

describe('status --config', () => {
  const tool = () => write('lmutil', `#!/bin/sh\ncat <<'EOF'\n${lmstat}EOF\n`, 0o755)
  const server = (name: string, tool: string) =>
    `[[server]]\nname = "${name}"\nmanager = "flexlm"\naddress = "27000@lic1"\ntool = "${tool}"\n\n`

  test('reads the servers once: all up is exit code 0', async () => {
    const file = write('up.toml', server('cad', tool()))
    const { code, stdout, stderr } = await program(['status', '--config', file])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^up +cad +flexlm/m)
    expect(stdout).toMatch(/^solid +cad +10 +9 +█{18}░░ +90 %$/m)
    expect(stdout).not.toContain('\u001b')
  })

  test('one whose tool is missing makes it 1, and the others are shown', async () => {
    const text = server('cad', tool()) + server('gone', join(folder, 'none'))
    const file = write('half.toml', text)
    const { code, stdout } = await program(['status', '--config', file, '--json'])
    expect(code).toBe(1)
    const { servers, features } = JSON.parse(stdout)
    expect(servers).toMatchObject([
      { server: 'cad', up: true },
      { server: 'gone', reason: 'tool_missing' },
    ])
    expect(servers[1]).not.toHaveProperty('up')
    expect(features).toMatchObject([{ feature: 'solid', seats: { issued: 10, used: 9 } }])
  })

  test('a wrong configuration is 2', async () => {
    const file = write('bad.toml', server('cad', 'lmutil'))
    const { code, stdout, stderr } = await program(['status', '--config', file])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('bad.toml:5: server[cad].tool: is "lmutil"; write an absolute path')
  })
})

describe('status --url', () => {
  const key = 'canary-5d41402abc4b2a76'
  let server: Server
  let url: string
  /** Speaks the documented JSON, two servers on two pages. */
  beforeAll(async () => {
    server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://x')
      const send = (status: number, body: unknown) =>
        response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body))
      if (pathname.startsWith('/page/')) return send(200, '<html>')
      if (pathname.startsWith('/moved/')) {
        return response.writeHead(302, { location: `${url}/api/v1/servers` }).end()
      }
      if (request.headers.authorization !== `Bearer ${key}`) return send(401, {})
      if (pathname === '/api/v1/servers') {
        const second = searchParams.get('cursor') === 'two'
        const one = { server: second ? 'b' : 'a', manager: 'rlm', up: true, interval_seconds: 60 }
        return send(200, { data: [one], next: second ? null : 'two' })
      }
      const known = ['/api/v1/features', '/api/v1/pools'].includes(pathname)
      return known ? send(200, { data: [], next: null }) : send(404, {})
    })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())

  test('follows the pages and is 0 where all are up', async () => {
    const env = { LICENSE_EXPORTER_KEY: key }
    const { code, stdout } = await program(['status', '--url', `${url}/`], { env })
    expect(code).toBe(0)
    expect(stdout).toMatch(/a +rlm[\s\S]*b +rlm/)
  })

  test('takes the key from a file', async () => {
    const file = write('key', `${key}\n`)
    expect(await program(['status', '--url', url, '--key-file', file])).toMatchObject({ code: 0 })
  })

  test('an exporter that cannot be asked is 2 and a sentence without the key', async () => {
    const env = { LICENSE_EXPORTER_KEY: key }
    const cases = [
      [['--url', `http://127.0.0.1:${await freePort()}`], env, 'nobody listens there'],
      [['--url', url], {}, 'a key is needed (401)'],
      [['--url', url], { LICENSE_EXPORTER_KEY: 'wrong' }, 'the key is not accepted (401)'],
      [['--url', `${url}/page`], env, 'is not that of a license exporter'],
      [['--url', `${url}/moved`], env, 'HTTP 302'],
      [['--url', `${url}/else`], env, 'there is no such API (404)'],
    ] as const
    for (const [args, env, sentence] of cases) {
      const { code, stdout, stderr } = await program(['status', ...args], { env })
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain(sentence)
      expect(stderr).not.toContain(key)
    }
  })
})
