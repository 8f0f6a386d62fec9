import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { freePort } from '../free-port.ts'
import { get } from './client.ts'
import { beginProgram, type Program } from './running-program.ts'

/** The real program: a change of its configuration is taken whole or not at all. */
let folder: string
const ends: (() => Promise<unknown>)[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reload-'))
})
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
  rmSync(folder, { recursive: true, force: true })
}, 30_000)

const server = (name: string) =>
  `[[server]]\nname = "${name}"\nmanager = "rlm"\nread = "/nonexistent"\n`
const api = (port: number, more = '') => `[api]\nbind_port = ${port}\n${more}`

async function begin(env: Record<string, string> = {}): Promise<Program> {
  const program = await beginProgram({ folder, env, config: port => server('first') + api(port) })
  ends.push(program.end)
  return program
}

async function occupied(): Promise<number> {
  const other = net.createServer()
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
  ends.push(() => new Promise(resolve => other.close(resolve)))
  return (other.address() as net.AddressInfo).port
}

/** What the program serves, by the names of its servers, and what it says of its last reload. */
async function served({ url }: Pick<Program, 'url'>) {
  const { text } = await get(url, '/metrics')
  return {
    first: text.includes('server="first"'),
    second: text.includes('server="second"'),
    successful: /^license_exporter_config_last_reload_successful (\d)$/m.exec(text)?.[1],
  }
}

it('a port that is in use: nothing of the new configuration is taken', async () => {
  const program = await begin()
  const port = await occupied()
  const key = `[[api.keys]]\nname = "a"\nsha256 = "${'0'.repeat(64)}"\nscopes = ["read"]\n`
  await program.change(server('second') + api(port, 'rate_limit_requests = 5\n') + key)
  expect(await served(program)).toMatchObject({ first: true, second: false, successful: '0' })
  const line = program
    .written()
    .split('\n')
    .find(one => one.includes('Configuration refused; '))
  expect(JSON.parse(line!)).toMatchObject({
    level: 'ERROR',
    reason: 'config',
    problems: [`127.0.0.1:${port} is in use by another program: stop it, or set [api] bind_port`],
  })
  const events = JSON.parse((await get(program.url, '/api/v1/events')).text).data
  expect(events[0]).toMatchObject({ event: 'exporter.config_refused', reason: 'config' })

  const moved = await freePort()
  await program.change(server('second') + api(moved))
  const url = `http://127.0.0.1:${moved}`
  expect(await served({ url })).toMatchObject({ first: false, second: true, successful: '1' })
  await expect(get(program.url, '/livez')).rejects.toThrow('ECONNREFUSED')
}, 60_000)

it('a client key for OTLP that is not there: no port moves and no server is read anew', async () => {
  const program = await begin({ OTEL_EXPORTER_OTLP_CLIENT_KEY: join(folder, 'none.key') })
  const moved = await freePort()
  const otlp = '[otlp]\nendpoint = "https://127.0.0.1:1"\nmetrics = true\n'
  await program.change(server('second') + api(moved) + otlp)
  expect(await served(program)).toMatchObject({ first: true, second: false, successful: '0' })
  await expect(get(`http://127.0.0.1:${moved}`, '/livez')).rejects.toThrow('ECONNREFUSED')
  expect(program.written()).toContain('none.key')
}, 60_000)

it('the level of the log changes with a reload', async () => {
  const program = await begin()
  expect(program.written()).not.toContain('"level":"DEBUG"')
  await program.change(`${server('first')}${api(program.port)}[log]\nlevel = "debug"\n`)
  await get(program.url, '/livez')
  await expect.poll(program.written).toContain('"route":"/livez"')
}, 60_000)
