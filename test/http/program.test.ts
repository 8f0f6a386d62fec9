import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { start } from '../cli/program.ts'
import { ask, bearer, get } from './client.ts'
import { freePort } from './nginx.ts'

/** The real program in a process of its own, asked over real sockets. */
let folder: string
let ends: (() => Promise<void>)[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'program-'))
})
afterEach(async () => {
  for (const end of ends) await end()
  ends = []
  rmSync(folder, { recursive: true, force: true })
})

const secrets = {
  key: 'canary-api-key-0f6c1b',
  header: 'canary-otlp-header-77aa',
  token: 'eyJjYW5hcnkiOiJ0b2tlbiJ9.eyJjYW5hcnkiOiJ0b2tlbiJ9.Y2FuYXJ5LXNpZ25hdHVyZQ',
}
const people = ['canaryanna', 'canaryben', 'canaryhost1', 'canaryhost2']

const lmstat = `lmutil - Copyright (c) 1989-2021 Flexera. All Rights Reserved.
Flexible License Manager status on Sun 11/22/2026 12:00

License server status: 27000@lic1
    License file(s) on lic1: /opt/flexlm/adsk.lic:

      lic1: license server UP (MASTER) v11.18.0

Vendor daemon status (on lic1):

  adskflex: UP v11.18.0
Feature usage info:

Users of sketch:  (Total of 4 licenses issued;  Total of 2 licenses in use)

  "sketch" v1.000, vendor: adskflex, expiry: permanent(no expiration date)
  floating license

    canaryanna canaryhost1 :0 (v1.0) (lic1/27000 101), start Sun 11/22 9:00
    canaryben canaryhost2 :0 (v1.0) (lic1/27000 102), start Sun 11/22 9:30

`

interface Program {
  url: string
  file: string
  pid: number
  written(): string
}

async function begin(more = '', env: Record<string, string> = {}): Promise<Program> {
  const port = await freePort()
  const file = join(folder, 'license-exporter.toml')
  writeFileSync(join(folder, 'lmstat.txt'), lmstat)
  writeFileSync(file, config(port, more))
  const child = spawn(process.execPath, [start, '--config', file], {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', ...env },
  })
  let written = ''
  for (const out of [child.stdout, child.stderr])
    out.on('data', text => {
      written += text
    })
  ends.push(
    () =>
      new Promise(resolve => {
        if (child.exitCode !== null) return resolve()
        child.once('exit', () => resolve())
        child.kill('SIGTERM')
      }),
  )
  const url = `http://127.0.0.1:${port}`
  await expect
    .poll(
      () =>
        get(url, '/readyz').then(
          ({ status }) => status,
          () => written,
        ),
      { timeout: 20_000 },
    )
    .toBe(200)
  return { url, file, pid: child.pid!, written: () => written }
}

const config = (port: number, more: string, limit = 1_000_000) => `${more}
[[server]]
name = "cad"
manager = "flexlm"
address = "27000@lic1"
read = "${join(folder, 'lmstat.txt')}"
max_age = "1d"
interval = "1s"
[log]
level = "debug"
[api]
bind_port = ${port}
rate_limit_requests = ${limit}
[[api.keys]]
name = "all"
sha256 = "${createHash('sha256').update(secrets.key).digest('hex')}"
scopes = ["read", "metrics", "users"]
rate_limit_requests = ${limit}
`

const paths = [
  '/',
  '/metrics',
  '/probe?server=cad',
  '/health',
  '/livez',
  '/readyz',
  '/guard',
  '/api/v1/status',
  '/api/v1/servers',
  '/api/v1/features',
  '/api/v1/pools',
  '/api/v1/checkouts',
  '/api/v1/license',
  '/api/v1/events',
  '/api/v1/openapi.json',
  '/api/v1/docs',
  '/nothing',
]

it('no secret and no dropped name is in anything that the process ever wrote', async () => {
  const headers = join(folder, 'otlp-headers')
  writeFileSync(headers, `authorization=Bearer ${secrets.header}\n`)
  chmodSync(headers, 0o600)
  const state = join(folder, 'state')
  const more = `state_dir = "${state}"\n[otlp]\nendpoint = "http://127.0.0.1:1"\nheaders_file = "${headers}"\nmetrics = true\n`
  const { url, written } = await begin(more, { IOSETU_LICENSE_KEY: secrets.token })
  const answers: string[] = []
  const tell = async (path: string, sent: Record<string, string>, method = 'GET') => {
    const { status, headers: got, text } = await ask(url, { method, path, headers: sent })
    answers.push(`${status} ${JSON.stringify(got)} ${text}`)
  }
  for (const path of paths) {
    await tell(path, bearer(secrets.key))
    await tell(path, bearer(`${secrets.key}-wrong`))
    await tell(path, { ...bearer(secrets.key), 'x-api-key': secrets.key })
    await tell(`${path}${path.includes('?') ? '&' : '?'}key=${secrets.key}`, {})
    await tell(path, bearer(secrets.key), 'DELETE')
  }
  const features = answers.find(text => text.includes('"feature":"sketch"'))
  expect(features).toContain('"checked_out":2')
  await expect.poll(written, { timeout: 15_000 }).toContain('could not be sent')
  await ends.pop()!()

  const files = readdirSync(state, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
  expect(files.length).toBeGreaterThan(0)
  expect(written()).toContain('api.authentication_failed')
  const everything = [...answers, ...files, written()].join('\n')
  for (const secret of [...Object.values(secrets), ...people]) {
    expect([secret, everything.includes(secret)]).toEqual([secret, false])
  }
}, 60_000)

it('reloads, good and broken ones in turn, fail no scrape and set no counter back', async () => {
  const { url, file, pid } = await begin()
  const { port } = new URL(url)
  const count = Number(process.env.RELOADS ?? 60)
  const key = bearer(secrets.key)
  let failed = 0
  let scrapes = 0
  let stop = false
  const counters = new Map<string, number>()
  const back: string[] = []
  const scraping = (async () => {
    while (!stop) {
      const { status, text } = await get(url, '/metrics', key).catch(() => ({
        status: 0,
        text: '',
      }))
      scrapes++
      if (status !== 200 || !text.includes('license_feature_seats_issued{')) failed++
      for (const [, name, value] of text.matchAll(/^(\w+_total(?:\{.*?\})?) (\S+)$/gm)) {
        if (Number(value) < (counters.get(name!) ?? 0)) back.push(name!)
        counters.set(name!, Number(value))
      }
    }
  })()
  // The file is looked at every 15 s too: now and then one change is taken twice.
  const told = async (event: string) => {
    const { text } = await get(url, '/metrics', key)
    return Number(new RegExp(`events_total\\{event="${event}"\\} (\\d+)`).exec(text)?.[1])
  }
  for (let i = 0; i < count; i++) {
    const event = i % 2 ? 'exporter.config_refused' : 'exporter.config_reloaded'
    const before = await told(event)
    writeFileSync(file, i % 2 ? '[broken' : config(Number(port), '', 1_000_000 - i))
    process.kill(pid, 'SIGHUP')
    await expect.poll(() => told(event), { interval: 20, timeout: 20_000 }).toBeGreaterThan(before)
  }
  stop = true
  await scraping
  expect([failed, back]).toEqual([0, []])
  expect(scrapes).toBeGreaterThan(count / 2)
  const { text } = await get(url, '/metrics', key)
  expect(text).toContain('license_exporter_config_last_reload_successful 0')
}, 600_000)
