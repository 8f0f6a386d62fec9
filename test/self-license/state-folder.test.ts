import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { stateFile } from '../../exporter/self-license/state-file.ts'
import { at, publicKey, token } from './licenses.ts'
import { fileWith, folder, names, start } from './monitor-world.ts'
import { day, hour, minute, second } from './world.ts'

const good = token()
const root = process.getuid?.() === 0

describe('state in a folder', () => {
  const later = { at: at * second + 80 * day }

  test('grace of a missing license goes on after a restart, and nothing is said twice', async () => {
    const stateDir = join(folder(), 'state')
    const file = fileWith(good)
    const first = await start({ file, stateDir, ...later })
    expect(names(first)).toEqual(['license.expiring_30d'])
    await first.monitor.close()
    const second = await start({ file: '/nowhere', stateDir, at: first.clock.wall })
    expect(second.monitor.state).toMatchObject({
      state: 'grace',
      problem: 'missing',
      licenseId: 'lic-1',
    })
    expect(names(second)).toEqual(['license.missing', 'license.grace_mode_entered'])
    for (let n = 0; n < 23; n++) await second.tick(hour)
    await second.monitor.close()
    const third = await start({ file: '/nowhere', stateDir, at: second.clock.wall })
    expect(third.monitor.state.state).toBe('grace')
    expect(names(third)).toEqual([])
    await third.tick(hour + minute)
    expect(third.monitor.state.state).toBe('over')
    expect(names(third)).toEqual(['license.grace_period_ended'])
  })

  test('thresholds that were announced stay so', async () => {
    const stateDir = folder()
    const first = await start({ key: good, stateDir, ...later })
    await first.monitor.close()
    const second = await start({ key: good, stateDir, at: first.clock.wall })
    expect(names(second)).toEqual([])
    await second.tick(4 * day)
    expect(names(second)).toEqual(['license.expiring_7d'])
  })

  test('it is one file for its owner alone, with the token inside and nothing beside it', async () => {
    const stateDir = join(folder(), 'deep', 'state')
    const run = await start({ key: good, stateDir })
    await run.monitor.close()
    expect(readdirSync(stateDir)).toEqual(['own-license.json'])
    expect(statSync(stateFile(stateDir)).mode & 0o777).toBe(0o600)
    expect(readFileSync(stateFile(stateDir), 'utf8')).toContain(good)
  })

  const asWithout = async (stateDir: string, warning: RegExp) => {
    const run = await start({ file: '/nowhere', stateDir, ...later })
    expect(run.monitor.state).toMatchObject({ state: 'unlicensed', problem: 'missing' })
    expect(run.warnings.map(({ msg, fields }) => `${msg} ${JSON.stringify(fields)}`)[0]).toMatch(
      warning,
    )
    for (let n = 0; n < 10; n++) await run.tick(minute)
    expect(run.warnings.length).toBeLessThanOrEqual(2)
    return run
  }

  const saved = async () => {
    const stateDir = folder()
    const run = await start({ key: good, stateDir, ...later })
    await run.monitor.close()
    return stateDir
  }

  test.each<[string, (file: string) => void]>([
    ['of zero bytes', file => writeFileSync(file, '')],
    ['cut in half', file => writeFileSync(file, readFileSync(file).subarray(0, 300))],
    [
      'with one changed digit',
      file => writeFileSync(file, readFileSync(file, 'utf8').replace('valid', 'grace')),
    ],
    ['of another program', file => writeFileSync(file, '{"version":1}')],
    ['of a megabyte', file => writeFileSync(file, Buffer.alloc(1e6))],
  ])('a state file %s is put aside with a warning', async (_, spoil) => {
    const stateDir = await saved()
    spoil(stateFile(stateDir))
    const run = await asWithout(stateDir, /is not used.*(corrupt|too large)/)
    expect(readdirSync(stateDir)).toContain('own-license.json.unusable')
    await run.monitor.close()
    const next = await start({ file: '/nowhere', stateDir, at: run.clock.wall })
    expect(next.warnings).toEqual([])
  })

  const foreign = 'a state file of another user is not used'
  test.skipIf(!root)(
    root ? foreign : `skipped: only root gives files away; ${foreign}`,
    async () => {
      const stateDir = await saved()
      chownSync(stateFile(stateDir), 12_345, 12_345)
      await asWithout(stateDir, /belongs to user 12345/)
    },
  )

  test('a folder instead of the file is a warning', async () => {
    const stateDir = folder()
    mkdirSync(stateFile(stateDir))
    await asWithout(stateDir, /not a regular file|cannot be read/)
  })

  test('a file instead of the folder is a warning', async () => {
    await asWithout(fileWith(''), /cannot be (read|saved).*(ENOTDIR|EEXIST)/)
  })

  test('a read-only folder is a warning', async () => {
    // Root may write everywhere but there.
    const stateDir = root ? '/proc/self' : folder()
    if (!root) chmodSync(stateDir, 0o500)
    await asWithout(stateDir, /cannot be saved.*(EACCES|ENOENT|EPERM|EROFS)/)
    if (!root) chmodSync(stateDir, 0o700)
  })

  test('a full disk is a warning and the old state stays', async () => {
    // /dev/full takes the open and refuses the write, as a full disk does.
    const stateDir = await saved()
    const before = readFileSync(stateFile(stateDir))
    symlinkSync('/dev/full', `${stateFile(stateDir)}.tmp`)
    const run = await start({ key: good, stateDir, ...later })
    await run.tick(minute)
    expect(run.warnings).toHaveLength(1)
    expect(run.warnings[0]?.msg).toMatch(/cannot be saved/)
    expect(readFileSync(stateFile(stateDir)).equals(before)).toBe(true)
    expect(run.monitor.state.state).toBe('valid')
    rmSync(`${stateFile(stateDir)}.tmp`)
    await run.tick(minute)
    expect(readFileSync(stateFile(stateDir)).equals(before)).toBe(false)
    expect(run.warnings).toHaveLength(1)
  })

  test('a stored license that is not signed by a trusted key gives no grace', async () => {
    const stateDir = await saved()
    const other = { ...publicKey, x: 'kt4fbEJhXL1wxd7-BSfzwaeMCr0gJ0XCHyamkBnHzbs' }
    const run = await start({
      file: '/nowhere',
      stateDir,
      trustedKeys: { keys: [other] },
      ...later,
    })
    expect(run.monitor.state.state).toBe('unlicensed')
  })
})
