import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findConfig } from '../../exporter/config/find.ts'
import { type Loaded, loadConfig } from '../../exporter/config/load.ts'
import { parseConfig } from '../../exporter/config/parse.ts'
import { sentence } from '../../exporter/config/problem.ts'
import { ExporterError } from '../../exporter/errors.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'license-exporter-config-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text = '', mode = 0o600): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

const load = (text: string, env = {}): Promise<Loaded> =>
  loadConfig(file('config.toml', text), { env, now: new Date('2026-11-22T12:00:00Z') })

async function refused(text: string): Promise<string[]> {
  const error = await load(text).then(
    () => new Error('accepted'),
    error => error,
  )
  expect(error).toBeInstanceOf(ExporterError)
  expect(error.code).toBe('config')
  return error.message.replaceAll(`${folder}/`, '').split('\n')
}

const warnings = ({ warnings, file }: Loaded) =>
  warnings.map(one => sentence(file, one).replaceAll(`${folder}/`, ''))

const server = (more: string) =>
  `[[server]]\nname = "cad"\nmanager = "flexlm"\naddress = "27000@lic1"\n${more}\n`

const hash = 'ab'.repeat(32)
const key = (line: string) => `[[api.keys]]\nname = "p"\nscopes = ["read"]\n${line}\n`

describe('tools and files', () => {
  test('a tool that everybody may write is refused', async () => {
    const tool = file('lmutil', '#!/bin/sh\n', 0o757)
    const [line] = await refused(server(`tool = "${tool}"`))
    expect(line).toMatch(/^config\.toml:5: server\[cad\]\.tool: lmutil can be changed by everybody/)
  })

  test('a tool that is a folder or cannot be executed is refused', async () => {
    mkdirSync(join(folder, 'bin'), { recursive: true })
    const both = `${server(`tool = "${join(folder, 'bin')}"`)}${server(
      `tool = "${file('plain', '', 0o644)}"`,
    ).replace('cad', 'sim')}`
    const lines = await refused(both)
    expect(lines).toHaveLength(2)
    expect(lines[0]).toContain('config.toml:5: server[cad].tool: bin is not a regular file')
    expect(lines[1]).toContain('config.toml:10: server[sim].tool: plain cannot be executed')
  })

  test('a tool that is not there is told, and the rest goes on', async () => {
    const loaded = await load(server(`tool = "${join(folder, 'none')}"`))
    expect(loaded.config.server).toHaveLength(1)
    expect(loaded.warnings).toMatchObject([{ line: 5, key: 'server[cad].tool', level: 'missing' }])
  })

  test('a file to read that is not there yet is one warning, a folder is refused', async () => {
    const loaded = await load(
      '[[server]]\nname = "cad"\nmanager = "flexlm"\n' +
        `read = "${join(folder, 'later.txt')}"\nlogs = ["${join(folder, 'later.log')}"]\n`,
    )
    expect(warnings(loaded)).toEqual([
      'config.toml:4: server[cad].read: later.txt does not exist now; it is read once it is there',
      'config.toml:5: server[cad].logs[1]: later.log does not exist now; it is read once it is there',
    ])
    const lines = await refused(`[[server]]\nname = "a"\nmanager = "rlm"\nread = "${folder}"\n`)
    expect(lines[0]).toContain('is a directory; name a file in it')
  })

  test('a configuration that is not there, a folder or binary says so', async () => {
    await expect(loadConfig(join(folder, 'none.toml'))).rejects.toThrow(
      /none\.toml does not exist$/,
    )
    await expect(loadConfig(folder)).rejects.toThrow(/is a directory$/)
    await expect(loadConfig(file('binary.toml', '\u0000\u0001\u0002'))).rejects.toThrow(
      expect.objectContaining({ code: 'config' }),
    )
  })

  test('a configuration that everybody may write is one warning', async () => {
    const loaded = await loadConfig(file('open.toml', 'max_tools = 2\n', 0o606))
    expect(warnings(loaded)).toEqual([
      'open.toml:1: this file can be changed by everybody; run chmod o-w on it',
    ])
  })
})

describe('secret files', () => {
  test('one that its group or others may write is refused', async () => {
    for (const mode of [0o620, 0o602]) {
      const path = file('p.sha256', hash, mode)
      expect(await refused(key(`sha256_file = "${path}"`))).toEqual([
        'config.toml:4: api.keys[p].sha256_file: p.sha256 can be changed by its group or by others; run chmod go-w on it',
      ])
    }
  })

  test('one that others may read is one warning', async () => {
    const loaded = await load(key(`sha256_file = "${file('p.sha256', `${hash}\n`, 0o644)}"`))
    expect(warnings(loaded)).toEqual([
      'config.toml:4: api.keys[p].sha256_file: p.sha256 can be read by everybody; chmod 0400 or 0440 is safer',
    ])
  })

  test('one without 64 hex digits is refused and not quoted', async () => {
    const path = file('p.sha256', 'hunter2')
    const [line] = await refused(key(`sha256_file = "${path}"`))
    expect(line).toContain('p.sha256 does not hold 64 hex digits')
    expect(line).not.toContain('hunter2')
  })

  test('a key for names that is not there or empty is refused', async () => {
    const none = join(folder, 'none.key')
    expect(await refused(`[privacy]\nusers = "hash"\nkey_file = "${none}"\n`)).toEqual([
      'config.toml:3: privacy.key_file: none.key does not exist; write the file, or correct the path',
    ])
    const [line] = await refused(`[privacy]\nkey_file = "${file('empty.key')}"\n`)
    expect(line).toContain('empty.key is empty')
  })
})

test('a credential of a unit that does not run is no mistake yet', async () => {
  const file = '/run/credentials/license-exporter-none.service/privacy.key'
  const { warnings } = await load(`[privacy]\nusers = "hash"\nkey_file = "${file}"\n`)
  expect(warnings.map(({ what }) => what)).toEqual([
    `${file} is not there now; systemd brings it when the unit starts`,
  ])
})

describe('the bind address', () => {
  const bind = (name: string, more = '') => `[api]\nbind_address = "${name}"\n${more}`

  test('localhost and loopback addresses need nothing', async () => {
    for (const name of ['localhost', '127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1']) {
      expect((await load(bind(name))).config.api.bind_address).toBe(name)
    }
  })

  test('every other address needs the flag and keys', async () => {
    for (const name of ['0.0.0.0', '::', '10.0.0.1', '::ffff:10.0.0.1', 'fe80::1', '2001:db8::1']) {
      expect((await refused(bind(name)))[0]).toContain('can be reached from other machines')
      const flag = 'allow_public_bind = true\n'
      expect((await refused(bind(name, flag)))[0]).toContain('without a key')
      await load(bind(name, `${flag}allow_anonymous = true\n`))
      await load(bind(name, `${flag}\n${key(`sha256 = "${hash}"`)}`))
    }
  })

  test('the environment can give the flag', async () => {
    const env = { ALLOW_PUBLIC_BIND: 'true' }
    const loaded = await load(bind('0.0.0.0', 'allow_anonymous = true\n'), env)
    expect(loaded.config.api.allow_public_bind).toBe(true)
  })

  test('a name without an address is refused', async () => {
    expect((await refused(bind('license-exporter.invalid')))[0]).toBe(
      'config.toml:2: api.bind_address: "license-exporter.invalid" has no address on this machine; write an IP address',
    )
  })

  test('an API that is switched off is not looked at', async () => {
    await load('[api]\nenabled = false\nbind_address = "0.0.0.0"\n')
  })
})

describe('warnings', () => {
  test('more servers than slots are told with the number that fits', () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      server(`tool = "/opt/lmutil"\ninterval = "2s"`).replace('cad', `cad${index}`),
    )
    const { warnings } = parseConfig(`max_tools = 4\n\n${many.join('\n')}`, 'c.toml')
    expect(warnings.map(one => sentence('c.toml', one))).toEqual([
      'c.toml:1: max_tools: 30 servers need about 15 readings at once and 4 are allowed; readings will be late: set max_tools = 15 or longer intervals',
    ])
  })

  test('a good configuration has none', () => {
    const path = fileURLToPath(new URL('../fixtures/config/good.toml', import.meta.url))
    expect(parseConfig(readFileSync(path, 'utf8'), 'good.toml').warnings).toEqual([])
  })
})

test('the configuration is looked for in the documented order', () => {
  const env = { LICENSE_EXPORTER_CONFIG: '/from/env.toml' }
  expect(findConfig('/given.toml', env)).toBe('/given.toml')
  expect(findConfig(undefined, env)).toBe('/from/env.toml')
  expect(findConfig(undefined, { LICENSE_EXPORTER_CONFIG: '' })).toBeUndefined()
})
