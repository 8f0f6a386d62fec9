import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import {
  createLicenseReader,
  readLicense,
  sourceOf,
} from '../../exporter/self-license/read-license.ts'
import { sentence } from '../../exporter/self-license/refusals.ts'
import { claims, token } from './licenses.ts'
import { folder, names, start } from './monitor-world.ts'

const good = token()
const another = token({ ...claims, jti: 'lic-2' })
const root = process.getuid?.() === 0

describe('what is no license file has a code and a sentence, and the process lives', () => {
  test.each<[string, string, (file: string) => void]>([
    ['nothing there', 'missing', () => {}],
    ['a dangling link', 'missing', file => symlinkSync(`${file}.gone`, file)],
    [
      'a file instead of its folder',
      'missing',
      file => {
        rmSync(dirname(file), { recursive: true })
        writeFileSync(dirname(file), '')
      },
    ],
    ['a link to itself', 'unreadable', file => symlinkSync(file, file)],
    ['a directory', 'unreadable', file => mkdirSync(file)],
    ['a FIFO', 'unreadable', file => execFileSync('mkfifo', [file])],
    ['a device', 'unreadable', file => symlinkSync('/dev/zero', file)],
    ['an empty file', 'empty', file => writeFileSync(file, '')],
    [
      '1 GB',
      'oversized',
      file => {
        writeFileSync(file, '')
        truncateSync(file, 1e9)
      },
    ],
    ['two tokens', 'malformed', file => writeFileSync(file, `${good}\n${another}\n`)],
    ['half a token', 'malformed', file => writeFileSync(file, good.slice(0, 200))],
    ['UTF-16', 'not_utf8', file => writeFileSync(file, `\ufeff${good}`, 'utf16le')],
  ])('%s is %s', async (_, code, make) => {
    const file = join(folder(), 'secret', 'license.key')
    mkdirSync(dirname(file))
    make(file)
    const run = await start({ file })
    const { body, status } = run.monitor.health()
    expect(status).toBe(503)
    expect(body).toMatchObject({
      status: 'unhealthy',
      license: {
        valid: false,
        grace_mode: false,
        reason: code,
        message: sentence(code as 'empty'),
      },
    })
    expect(names(run)).toEqual([
      code === 'missing' ? 'license.missing' : 'license.verification_failed',
    ])
    await run.tick()
    expect(run.monitor.state.state).toBe('unlicensed')
  })

  test('without permission it is unreadable', async context => {
    const file = join(folder(), 'license.key')
    writeFileSync(file, good)
    chmodSync(file, 0)
    chmodSync(dirname(file), 0o755)
    if (!root) {
      expect(await readLicense({ file })).toEqual({ ok: false, code: 'unreadable' })
      return
    }
    // Root reads everything: somebody else asks.
    const module = fileURLToPath(
      new URL('../../exporter/self-license/read-license.ts', import.meta.url),
    )
    const program = `import(${JSON.stringify(module)}).then(async m =>
      console.log(JSON.stringify(await m.readLicense({ file: ${JSON.stringify(file)} }))))`
    const { stdout, status, stderr, error } = spawnSync(process.execPath, ['-e', program], {
      uid: 65_534,
      encoding: 'utf8',
    })
    if (error || (status !== 0 && /EACCES|Cannot find module/.test(stderr))) {
      return context.skip('skipped: another user cannot read this checkout')
    }
    expect(JSON.parse(stdout)).toEqual({ ok: false, code: 'unreadable' })
  })

  test('a read that hangs is unreadable, and is not started a second time', async () => {
    const file = join(folder(), 'slow.key')
    writeFileSync(file, good)
    let asked = 0
    let release = () => {}
    const read = createLicenseReader(
      () => {
        asked++
        return { file }
      },
      20,
      () =>
        new Promise(done => {
          release = () => done({ ok: false, code: 'missing' })
        }),
    )
    expect(await read()).toEqual({ ok: false, code: 'unreadable' })
    expect(await read()).toEqual({ ok: false, code: 'unreadable' })
    expect(asked).toBe(1)
    release()
    await new Promise(done => setTimeout(done, 5))
    void read()
    expect(asked).toBe(2)
    release()
  })
})

describe('where the license comes from', () => {
  test('IOSETU_LICENSE_FILE wins over IOSETU_LICENSE_KEY whatever the file is', async () => {
    const environment = { IOSETU_LICENSE_FILE: '/nowhere', IOSETU_LICENSE_KEY: good }
    expect(sourceOf({}, environment)).toEqual({ file: '/nowhere' })
    const run = await start({}, environment)
    expect(run.monitor.state).toMatchObject({ state: 'unlicensed', reason: 'missing' })
  })

  test('IOSETU_LICENSE_KEY is read anew at each sample', async () => {
    const run = await start({}, { IOSETU_LICENSE_KEY: good })
    expect(run.monitor.state).toMatchObject({ state: 'valid', licenseId: 'lic-1' })
    run.environment.IOSETU_LICENSE_KEY = another
    await run.tick()
    expect(run.monitor.state).toMatchObject({ state: 'valid', licenseId: 'lic-2' })
    expect(names(run)).toEqual(['license.reloaded'])
  })

  test('an empty variable is as none, and what the program passes hides both', () => {
    expect(sourceOf({}, { IOSETU_LICENSE_FILE: '', IOSETU_LICENSE_KEY: '' })).toBeUndefined()
    expect(sourceOf({ key: '' }, { IOSETU_LICENSE_KEY: good })).toBeUndefined()
    expect(sourceOf({ key: 'a', file: 'b' }, {})).toEqual({ file: 'b' })
  })
})

describe('a changed file is taken within one sample', () => {
  test('a Kubernetes Secret that swaps ..data', async () => {
    const home = folder()
    secret(home, 'a', good)
    symlinkSync('..data/license.key', join(home, 'license.key'))
    const run = await start({ file: join(home, 'license.key') })
    secret(home, 'b', another)
    await run.tick()
    expect(run.monitor.state.licenseId).toBe('lic-2')
    expect(names(run)).toEqual(['license.reloaded'])
  })

  test('an editor that renames, mv and cp', async () => {
    const file = join(folder(), 'license.key')
    writeFileSync(file, good)
    const run = await start({ file })
    writeFileSync(`${file}.swp`, another)
    renameSync(`${file}.swp`, file)
    await run.tick()
    expect(run.monitor.state.licenseId).toBe('lic-2')
    writeFileSync(`${file}.new`, good)
    copyFileSync(`${file}.new`, file)
    await run.tick()
    expect(run.monitor.state.licenseId).toBe('lic-1')
    expect(names(run)).toEqual(['license.reloaded', 'license.reloaded'])
  })

  test('a torn write is not: the last good license stays while it lasts two reads', async () => {
    const file = join(folder(), 'license.key')
    writeFileSync(file, good)
    const run = await start({ file })
    for (const torn of ['', another.slice(0, 100), another.slice(0, -1)]) {
      writeFileSync(file, torn)
      await run.tick()
      await run.tick()
      expect(run.monitor.state.state).toBe('valid')
      writeFileSync(file, good)
      await run.tick()
    }
    expect(run.events).toEqual([])
  })
})

let swaps = 0
function secret(home: string, name: string, content: string): void {
  const data = `..${name}-${swaps++}`
  mkdirSync(join(home, data))
  writeFileSync(join(home, data, 'license.key'), content)
  symlinkSync(data, join(home, '..data_tmp'))
  renameSync(join(home, '..data_tmp'), join(home, '..data'))
}
