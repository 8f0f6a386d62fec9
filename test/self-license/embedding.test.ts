import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { issueLicense, newKeyPair } from '../../exporter/self-license/issue.ts'
import { claims, token } from './licenses.ts'
import { folder, start } from './monitor-world.ts'
import { day, second } from './world.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

describe('the example program', () => {
  test('refuses new requests with 503 once grace is over; the running one finishes', async () => {
    const { publicKey, privateKey } = await newKeyPair()
    const now = Math.floor(Date.now() / 1000)
    // Grace ends soon; the sample after 15 s finds that out.
    const key = await issueLicense(privateKey, {
      customer: 'Example',
      issuedAt: now - 90 * 86_400,
      expiresAt: now - 86_400 + 12,
    })
    const source = readFileSync(join(root, 'docs/examples/embed-license.ts'), 'utf8')
    expect(source.split('\n').length).toBeLessThan(30)
    const program = source
      .replace("'YOUR-PUBLIC-KEY'", JSON.stringify(publicKey.x))
      .replace("'yours'", JSON.stringify(publicKey.kid))
      .replace("'../../exporter/", `'${root}exporter/`)
    const file = join(folder(), 'example.ts')
    writeFileSync(file, program)
    writeFileSync(join(file, '../package.json'), '{"type":"module"}')
    const child = spawn(process.execPath, [file], {
      env: { ...process.env, IOSETU_LICENSE_FILE: '', IOSETU_LICENSE_KEY: key },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const lines: Record<string, unknown>[] = []
    const port = await new Promise<number>((done, fail) => {
      createInterface(child.stdout).on('line', line => {
        const said = JSON.parse(line)
        lines.push(said)
        if (said.listening) done(said.listening.port)
      })
      child.on('exit', code => fail(new Error(`ended with ${code}`)))
    })
    const ask = (path: string) => answer(port, path)

    expect(await ask('/')).toMatchObject({ status: 200, body: 'done\n' })
    expect(await ask('/health')).toMatchObject({ status: 200 })
    const running = ask('/render')
    let refused = await ask('/')
    for (let n = 0; n < 34 && refused.status === 200; n++) {
      await new Promise(done => setTimeout(done, 500))
      refused = await ask('/')
    }
    expect(refused.status).toBe(503)
    expect(JSON.parse(refused.body)).toMatchObject({
      status: 'unhealthy',
      license: { valid: false, grace_mode: true, reason: 'expired' },
    })
    expect(await ask('/health')).toMatchObject({ status: 503 })
    expect(await running).toMatchObject({ status: 200, body: 'done\n' })
    expect(lines.map(({ event }) => event).filter(Boolean)).toEqual([
      'license.grace_mode_entered',
      'license.grace_period_ended',
    ])
    expect(JSON.stringify(lines)).not.toContain(key)
  }, 60_000)
})

function answer(port: number, path: string): Promise<{ status: number; body: string }> {
  return new Promise((done, fail) => {
    get({ port, path, agent: false }, response => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', text => {
        body += text
      })
      response.on('end', () => done({ status: response.statusCode ?? 0, body }))
    }).on('error', fail)
  })
}

describe('the guard', () => {
  const exp = claims.exp * second

  test('lets requests pass in V and G, and answers 503 with JSON in X and N', async () => {
    const run = await start({ key: token(), at: exp - day })
    const guard = run.monitor.guard()
    const server = createServer((request, response) =>
      guard(request, response, () => response.end('served')),
    )
    await new Promise<void>(done => void server.listen(0, '127.0.0.1', done))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    expect(await answer(port, '/')).toEqual({ status: 200, body: 'served' })
    await run.tick(day)
    expect(run.monitor.state.state).toBe('grace')
    expect(await answer(port, '/')).toEqual({ status: 200, body: 'served' })
    await run.tick(day)
    const refused = await answer(port, '/')
    expect(refused.status).toBe(503)
    expect(JSON.parse(refused.body)).toEqual(run.monitor.health().body)
    const head = await fetch(`http://127.0.0.1:${port}/`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([503, ''])
  })

  test('wraps a fetch-style handler and passes what else it is given', async () => {
    const run = await start({ key: token(), at: exp - day })
    const handle = run.monitor.fetchGuard()((request: Request, name: string) => {
      return new Response(`${name} ${new URL(request.url).pathname}`)
    })
    const ask = async () => handle(new Request('http://product.example/page'), 'served')
    expect(await (await ask()).text()).toBe('served /page')
    await run.tick(2 * day)
    const refused = await ask()
    expect(refused.status).toBe(503)
    expect(refused.headers.get('content-type')).toBe('application/json')
    expect(await refused.json()).toMatchObject({ license: { valid: false, grace_mode: true } })
  })
})
