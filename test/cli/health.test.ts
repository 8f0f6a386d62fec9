import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { program } from './program.ts'

const folder = mkdtempSync(join(tmpdir(), 'license-exporter-health-'))
const asked: (string | undefined)[] = []
let status = 200
const server = createServer((request, response) => {
  asked.push(request.url)
  response.writeHead(status).end()
})
let port = 0
beforeAll(async () => {
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

function configured(text: string): Record<string, string> {
  const file = join(folder, 'license-exporter.toml')
  writeFileSync(file, text)
  return { LICENSE_EXPORTER_CONFIG: file }
}

describe('health', () => {
  test('asks /livez where the configuration has the exporter listen', async () => {
    for (const bind of ['', 'bind_address = "0.0.0.0"\n']) {
      const env = configured(`[api]\n${bind}bind_port = ${port}\n`)
      expect(await program(['health'], { env })).toEqual({ code: 0, stdout: '', stderr: '' })
    }
    expect(new Set(asked)).toEqual(new Set(['/livez']))
  })

  test('an address that is given comes first', async () => {
    const env = configured('[api]\nbind_port = 1\n')
    const given = `http://127.0.0.1:${port}`
    expect((await program(['health', given], { env })).code).toBe(0)
    const named = { ...env, LICENSE_EXPORTER_URL: given }
    expect((await program(['health'], { env: named })).code).toBe(0)
    expect(await program(['health'], { env })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^license-exporter health: http:\/\/127\.0\.0\.1:1 cannot be/),
    })
  })

  test('TLS and IPv6 are asked as such', async () => {
    const tls = '[api.tls]\ncert_file = "/none"\nkey_file = "/none"\n'
    const env = configured(`[api]\nbind_address = "::"\nbind_port = 1\n${tls}`)
    expect((await program(['health'], { env })).stderr).toContain(' https://[::1]:1 cannot be')
  })

  test('any other answer is not alive', async () => {
    status = 503
    expect(await program(['health', `http://127.0.0.1:${port}`])).toMatchObject({
      code: 1,
      stderr: `license-exporter health: http://127.0.0.1:${port} answers 503 to /livez\n`,
    })
  })
})
