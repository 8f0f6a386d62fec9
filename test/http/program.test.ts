import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { bearer, get } from './client.ts'
import { digest } from './parts.ts'
import { beginProgram, type Program } from './running-program.ts'

let folder: string
let program: Program | undefined
const secret = 'key-of-reload-under-fire'
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'program-'))
  writeFileSync(join(folder, 'lmstat.txt'), lmstat)
})
afterEach(async () => {
  await program?.end()
  program = undefined
  rmSync(folder, { recursive: true, force: true })
}, 30_000)

const lmstat = `lmutil - Copyright (c) 1989-2021 Flexera. All Rights Reserved.
Flexible License Manager status on Sun 11/22/2026 12:00

License server status: 27000@lic1
    License file(s) on lic1: /opt/flexlm/adsk.lic:

      lic1: license server UP (MASTER) v11.18.0

Vendor daemon status (on lic1):

  adskflex: UP v11.18.0
Feature usage info:

Users of sketch:  (Total of 4 licenses issued;  Total of 2 licenses in use)
`

const config = (port: number, limit = 1_000_000) => `
[[server]]
name = "cad"
manager = "flexlm"
address = "27000@lic1"
read = "${join(folder, 'lmstat.txt')}"
max_age = "1d"
interval = "10s"
[log]
level = "debug"
[api]
bind_port = ${port}
rate_limit_requests = ${limit}
[[api.keys]]
name = "all"
sha256 = "${digest(secret)}"
scopes = ["read", "metrics"]
rate_limit_requests = ${limit}
`

it('reloads, good and broken ones in turn, fail no scrape and set no counter back', async () => {
  program = await beginProgram({ folder, config })
  const { url, file, pid, port } = program
  const count = Number(process.env.RELOADS ?? 60)
  const key = bearer(secret)
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
    writeFileSync(file, i % 2 ? '[broken' : config(port, 1_000_000 - i))
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
