import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../free-port.ts'
import { program, start } from './program.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'license-exporter-run-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const running = new Set<ChildProcess>()
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
})

async function until<T>(ask: () => Promise<T | undefined>, seconds = 20): Promise<T> {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const found = await ask().catch(() => undefined)
    if (found !== undefined) return found
    if (Date.now() > end) throw new Error('waited in vain')
    await new Promise(done => setTimeout(done, 100))
  }
}

const scrape = async (port: number) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()

function begin(args: string[], env = {}, cwd = '/') {
  const child = spawn(process.execPath, [start, ...args], {
    cwd,
    env: { PATH: '/usr/bin:/bin', ...env },
  })
  running.add(child)
  let stderr = ''
  child.stderr.on('data', text => {
    stderr += text
  })
  child.stdout.resume()
  const ended = new Promise<{ code: number | null; stderr: string }>(done =>
    child.on('close', code => {
      running.delete(child)
      done({ code, stderr })
    }),
  )
  return { child, ended }
}

function config(port: number, more = ''): string {
  const file = join(folder, `${port}.toml`)
  writeFileSync(file, `${more}\n[api]\nbind_port = ${port}\n`)
  return file
}

describe('run', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`serves /metrics and ends at ${signal} within 5 s with exit code 0`, async () => {
      const port = await freePort()
      const { child, ended } = begin(['--config', config(port)])
      expect(await until(() => scrape(port))).toContain('license_exporter_build_info')
      const before = Date.now()
      child.kill(signal)
      const { code, stderr } = await ended
      expect(code).toBe(0)
      // One line, which says where.
      const [line = '', ...more] = stderr.trimEnd().split('\n')
      const url = `http://127.0.0.1:${port}`
      expect(JSON.parse(line)).toMatchObject({ msg: 'serving', url, license_servers: 0 })
      expect(more).toEqual([])
      expect(Date.now() - before).toBeLessThan(5000)
    })
  }

  test('ends within 5 s while a tool hangs', async () => {
    const port = await freePort()
    const tool = join(folder, 'hangs')
    writeFileSync(tool, '#!/bin/sh\ntrap "" TERM\nwhile :; do sleep 1; done\n', { mode: 0o755 })
    const server = `[[server]]\nname = "a"\nmanager = "flexlm"\naddress = "1@a"\ntool = "${tool}"\n`
    const { child, ended } = begin(['--config', config(port, server)])
    await until(() => scrape(port))
    const before = Date.now()
    child.kill('SIGTERM')
    expect((await ended).code).toBe(0)
    expect(Date.now() - before).toBeLessThan(5000)
  })

  test('a port in use is a sentence and exit code 1', async () => {
    const server = createServer()
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as AddressInfo
    const { code, stderr } = await program(['--config', config(port)])
    await new Promise(done => server.close(done))
    expect(code).toBe(1)
    expect(stderr).toContain(`127.0.0.1:${port} is in use by another program`)
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  test('a wrong configuration is refused on SIGHUP, a good one taken', async () => {
    const port = await freePort()
    const file = config(port)
    const { child, ended } = begin(['--config', file])
    const successful = async (value: number) =>
      (await scrape(port)).includes(
        `\nlicense_exporter_config_last_reload_successful ${value}\n`,
      ) || undefined
    await until(() => successful(1))
    config(port, 'max_tools = 0')
    child.kill('SIGHUP')
    await until(() => successful(0))
    config(port, '[[server]]\nname = "new"\nmanager = "rlm"\nread = "/tmp/none"\n')
    child.kill('SIGHUP')
    await until(() => successful(1))
    expect(await scrape(port)).toContain('server="new"')
    child.kill('SIGTERM')
    const { code, stderr } = await ended
    expect(code).toBe(0)
    expect(stderr).toContain(`${file}:1: max_tools: is 0; write 1 or more`)
  })
})

describe('npm start', () => {
  test('runs the demo when asked, and not in place of a configuration that is missing', async () => {
    const { child, ended } = begin(['--npm-start', 'demo', '--port', '0'])
    let said = ''
    child.stdout.on('data', data => {
      said += data
    })
    await until(async () => (said.includes('runs at http://127.0.0.1:') ? true : undefined))
    child.kill('SIGTERM')
    expect((await ended).code).toBe(0)
    const file = join(folder, 'none.toml')
    expect(await program(['--npm-start', '--config', file])).toMatchObject({ code: 2 })
  })
})
