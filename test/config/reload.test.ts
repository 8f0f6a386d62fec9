import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type ConfigWatch, watchConfig } from '../../exporter/config/reload.ts'
import { type Config, configSchema } from '../../exporter/config/schema.ts'
import { ExporterError } from '../../exporter/errors.ts'
import { get } from '../http/client.ts'
import { createEvents, type Running, start, type TestEvents } from '../http/parts.ts'

const good = (limit: number) => JSON.stringify({ api: { rate_limit_requests: limit } })

let path: string
let events: TestEvents
let taken: Config[]
let watch: ConfigWatch
let logged: string[]

/** The file is JSON here: how it is read is not what is tested. */
async function load(file: string): Promise<{ config: Config; warnings: [] }> {
  const { readFile } = await import('node:fs/promises')
  try {
    return { config: configSchema.parse(JSON.parse(await readFile(file, 'utf8'))), warnings: [] }
  } catch {
    throw new ExporterError('config', `${file}:1: api: is not valid`)
  }
}

beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'reload-')), 'config')
  await writeFile(path, good(1))
  events = createEvents()
  logged = []
  taken = [(await load(path)).config]
  watch = begin(config => {
    taken.push(config)
  })
})
afterEach(() => watch.close())

function begin(apply: (config: Config) => void | Promise<void>, everyMs = 20): ConfigWatch {
  const line = (msg: string, fields?: object) =>
    void logged.push(JSON.stringify({ msg, ...fields }))
  const log = { debug: line, info: line, warn: line, error: line }
  return watchConfig({ path, load, apply, current: () => taken.at(-1)!, events, log, everyMs })
}

const names = () => events.all.map(({ event }) => event)
const gauge = () => [...watch.samples()][0]!.value

it('a changed file is taken, one that did not change is not', async () => {
  await new Promise(resolve => setTimeout(resolve, 100))
  expect(events.all).toEqual([])
  await writeFile(path, good(2))
  await expect.poll(() => taken.at(-1)!.api.rate_limit_requests).toBe(2)
  expect(names()).toEqual(['exporter.config_reloaded'])
  expect(gauge()).toBe(1)
})

it('a broken file changes nothing and is told once, with the reason', async () => {
  await writeFile(path, '{ broken')
  await expect.poll(names).toEqual(['exporter.config_refused'])
  await new Promise(resolve => setTimeout(resolve, 300))
  expect(names()).toEqual(['exporter.config_refused'])
  expect(taken).toHaveLength(1)
  expect(gauge()).toBe(0)
  expect(events.all[0]!.reason).toContain(`${path}:1`)
  expect(logged.join()).toContain('the last good one stays')
  await writeFile(path, good(3))
  await expect.poll(gauge).toBe(1)
})

it('SIGHUP reads it again although it did not change', async () => {
  process.kill(process.pid, 'SIGHUP')
  await expect.poll(names).toEqual(['exporter.config_reloaded'])
})

it('one that cannot be taken is refused and the last good one is put back', async () => {
  watch.close()
  const tried: number[] = []
  watch = begin(({ api }) => {
    tried.push(api.rate_limit_requests)
    if (api.rate_limit_requests === 7) throw new ExporterError('config', 'the port is in use')
  }, 60_000)
  await writeFile(path, good(7))
  expect(await watch.reload()).toBe(false)
  expect(tried).toEqual([7, 1])
  expect(events.all.at(-1)).toMatchObject({
    event: 'exporter.config_refused',
    reason: 'the port is in use',
  })
})

it('two hundred reloads, good and broken in turn, fail no scrape', async () => {
  watch.close()
  const running: Running = await start({ api: { rate_limit_requests: 1 } })
  watch = begin(async ({ api }) => {
    const config = configSchema.parse({ api: { ...api, bind_port: 0 } })
    await running.server.reconfigure(config)
    taken.push(config)
  }, 60_000)
  let scrapes = 0
  let failed = 0
  let stop = false
  const scraping = Promise.all(
    [1, 2].map(async () => {
      while (!stop && scrapes < 550) {
        const { status, text } = await get(running.url, '/metrics').catch(() => ({
          status: 0,
          text: '',
        }))
        scrapes++
        if (status !== 200 || !text.includes('license_server_up{')) failed++
      }
    }),
  )
  for (let i = 0; i < 200; i++) {
    await writeFile(path, i % 2 ? '{ broken' : good(i + 1))
    expect(await watch.reload()).toBe(i % 2 === 0)
  }
  stop = true
  await scraping
  expect([failed, scrapes > 20]).toEqual([0, true])
  await running.server.close()
})
