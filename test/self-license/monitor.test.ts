import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { metrics, type Sample } from '../../exporter/catalogue.ts'
import { demoLicense, demoLicenseStates } from '../../exporter/demo/license.ts'
import { createLicenseMonitor } from '../../exporter/self-license/index.ts'
import { stateFile } from '../../exporter/self-license/state-file.ts'
import { at, claims, token } from './licenses.ts'
import { folder, names, type Run, start } from './monitor-world.ts'
import { day, hour, minute, second } from './world.ts'

const good = token()
const root = process.getuid?.() === 0
const exp = claims.exp * second

/** Values by name and labels. */
function values({ monitor, clock }: Run): Record<string, number> {
  const entries = [...monitor.samples(new Date(clock.wall))].map(
    ({ metric, labels, value }: Sample) =>
      [
        `${metric}${Object.values(labels)
          .map(label => ` ${label}`)
          .join('')}`,
        value,
      ] as const,
  )
  expect(new Set(entries.map(([name]) => name)).size).toBe(entries.length)
  return Object.fromEntries(entries)
}

describe('health', () => {
  test('has the three documented bodies, field for field, and 200, 200, 503', async () => {
    const run = await start({ key: good })
    const shown = () => {
      const { status, body } = run.monitor.health()
      const { valid, grace_mode } = body.license
      return { status, body: { status: body.status, license: { valid, grace_mode } } }
    }
    const body = (status: string, valid: boolean, grace_mode: boolean) => ({
      status,
      license: { valid, grace_mode },
    })
    expect(shown()).toEqual({ status: 200, body: body('healthy', true, false) })
    await run.tick(89.5 * day)
    expect(shown()).toEqual({ status: 200, body: body('degraded', false, true) })
    expect(run.monitor.health().body.license).toMatchObject({ reason: 'expired' })
    expect(Date.parse(run.monitor.health().body.license.grace_expires_at ?? '')).toBe(exp + day)
    await run.tick(day)
    expect(shown()).toEqual({ status: 503, body: body('unhealthy', false, true) })
    const none = await start({ key: '' })
    expect(none.monitor.health()).toMatchObject({
      status: 503,
      body: body('unhealthy', false, false),
    })
  })

  test('without a trusted key says what to do', async () => {
    const run = await start({ key: good, trustedKeys: { keys: [] } })
    expect(run.monitor.state).toMatchObject({ state: 'unlicensed', reason: 'no_trusted_keys' })
    expect(run.monitor.health().body.license.message).toMatch(/key new.*trusted-keys\.ts/)
  })
})

describe('series', () => {
  test('a valid license gives every series but those of trouble', async () => {
    const run = await start({ key: good })
    const shown = values(run)
    expect(shown).toMatchObject({
      iosetu_license_expiry_timestamp_seconds: claims.exp,
      iosetu_license_valid: 1,
      iosetu_license_grace_mode: 0,
      'iosetu_license_state valid': 1,
      'iosetu_license_state grace': 0,
      'iosetu_license_state over': 0,
      'iosetu_license_state unlicensed': 0,
      'iosetu_license_info Example lic-1 studio': 1,
      'iosetu_license_checks_total ok': 1,
      'iosetu_license_checks_total signature': 0,
      'iosetu_license_clock_jumps_total backward': 0,
      'iosetu_license_reloads_total taken': 0,
    })
    expect(shown.iosetu_license_days_remaining).toBeCloseTo((exp - run.clock.wall) / day, 6)
    expect(Object.keys(shown).some(name => /problem|grace_expiry/.test(name))).toBe(false)
  })

  test('every name of the catalogue is shown in grace', async () => {
    const run = await start({ key: good, at: exp + hour })
    const shown = new Set([...run.monitor.samples(new Date(run.clock.wall))].map(one => one.metric))
    const own = Object.keys(metrics).filter(name => name.startsWith('iosetu_license_'))
    expect([...shown].sort()).toEqual(own.sort())
    expect(values(run)).toMatchObject({
      'iosetu_license_problem expired': 1,
      iosetu_license_grace_mode: 1,
      iosetu_license_grace_expiry_timestamp_seconds: claims.exp + 86_400,
    })
    expect(values(run).iosetu_license_days_remaining).toBeCloseTo(-1 / 24, 6)
  })

  test('without a license nothing is said of one', async () => {
    const run = await start({ key: token(claims, { alg: 'EdDSA', kid: 'unknown' }) })
    const shown = values(run)
    expect(Object.keys(shown).some(name => /days|expiry|info/.test(name))).toBe(false)
    expect(shown).toMatchObject({
      'iosetu_license_state unlicensed': 1,
      'iosetu_license_problem invalid': 1,
      'iosetu_license_checks_total unknown_key': 1,
      iosetu_license_grace_mode: 0,
    })
  })

  test('the clock grace ends when what is left is over, made anew at each check', async () => {
    const run = await start({ key: good })
    await run.tick(2 * hour)
    run.clock.wall -= hour
    await run.tick()
    const end = () => values(run).iosetu_license_grace_expiry_timestamp_seconds
    const left = () => (end() ?? 0) - run.clock.wall / second
    expect(left()).toBeCloseTo(86_400, -1)
    await run.tick(5 * hour)
    expect(left()).toBeCloseTo(19 * 3600, -1)
    expect(values(run)).toMatchObject({
      'iosetu_license_clock_jumps_total backward': 1,
      'iosetu_license_problem clock': 1,
    })
    expect(run.events[0]).toMatchObject({
      event: 'license.time_manipulation_detected',
      attributes: { type: 'backward_jump', wall_clock_jump_seconds: -3600 },
    })
  })

  test('drift is what the wall clock gained since the last check', async () => {
    const run = await start({ key: good })
    run.clock.wall += 10.5 * second
    await run.tick()
    expect(values(run).iosetu_license_clock_drift_seconds).toBeCloseTo(10.5, 6)
    expect(run.events).toMatchObject([
      { event: 'license.time_drift_detected', attributes: { drift_seconds: 10.5 } },
    ])
    await run.tick(hour)
    await run.tick()
    expect(values(run).iosetu_license_clock_drift_seconds).toBeCloseTo(0, 6)
  })
})

describe('events have the documented fields', () => {
  test('license.expiring_30d', async () => {
    const run = await start({ key: good, at: exp - 25.5 * day })
    expect(run.events).toMatchObject([
      {
        event: 'license.expiring_30d',
        msg: 'License expiring',
        attributes: { days_remaining: 25, customer: 'Example' },
      },
    ])
    const { expires_at } = (run.events[0]?.attributes ?? {}) as { expires_at: string }
    expect(expires_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/)
    expect(Date.parse(expires_at)).toBe(exp)
  })

  test('license.grace_mode_entered', async () => {
    const run = await start({ key: good, at: exp })
    expect(run.events).toMatchObject([
      {
        event: 'license.grace_mode_entered',
        attributes: { grace_period_seconds: 86_400, reason: 'expired' },
      },
    ])
  })
})

describe('time is compiled in', () => {
  test('one timer of 15 s, a full check every hour of lived time', async () => {
    const run = await start({ key: good })
    expect(run.timers).toEqual([15_000])
    for (let n = 0; n < 4 * 60; n++) await run.tick()
    expect(values(run)['iosetu_license_checks_total ok']).toBe(1)
    await run.tick()
    expect(values(run)['iosetu_license_checks_total ok']).toBe(2)
    expect(values(run).iosetu_license_last_check_timestamp_seconds).toBe(run.clock.wall / second)
  })

  test('one sample with a check costs less than a millisecond of CPU', async () => {
    const run = await start({ file: fileWith(good) })
    for (let n = 0; n < 50; n++) await run.tick(hour)
    const before = process.cpuUsage()
    for (let n = 0; n < 200; n++) await run.tick(hour)
    const { user, system } = process.cpuUsage(before)
    const each = (user + system) / 200 / 1000
    console.log(`one sample with verification: ${each.toFixed(3)} ms of CPU`)
    // Twice as much here: the machine of a test is busy with others.
    expect(each).toBeLessThan(2)
  })
})

function fileWith(text: string): string {
  const file = join(folder(), 'license.key')
  writeFileSync(file, text)
  return file
}

describe('a listener', () => {
  test('gets what the start found, once; one that throws hurts nobody', async () => {
    const run = await start({ key: '' })
    expect(names(run)).toEqual(['license.missing'])
    const heard: string[] = []
    const warned: Error[] = []
    const note = (warning: Error) => void warned.push(warning)
    process.on('warning', note)
    run.monitor.on(() => {
      throw new Error('a broken listener')
    })
    const end = run.monitor.on('event', ({ event }) => void heard.push(event))
    run.clock.wall += minute
    await run.tick()
    expect(heard).toEqual(['license.time_drift_detected'])
    end()
    run.clock.wall += minute
    await run.tick()
    expect(heard).toHaveLength(1)
    await new Promise(done => setTimeout(done, 5))
    process.off('warning', note)
    expect(warned.map(({ message }) => message)).toContain('a broken listener')
  })
})

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

  test.skipIf(!root)('a state file of another user is not used', async () => {
    const stateDir = await saved()
    chownSync(stateFile(stateDir), 12_345, 12_345)
    await asWithout(stateDir, /belongs to user 12345/)
  })

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
    const { symlinkSync, rmSync } = await import('node:fs')
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
    const { publicKey } = await import('./licenses.ts')
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

describe('the demo shows each state', () => {
  test.each(demoLicenseStates)('%s', async state => {
    const { trustedKeys, key } = await demoLicense(state)
    const saved = process.env.IOSETU_LICENSE_FILE
    process.env.IOSETU_LICENSE_FILE = '/nowhere'
    const monitor = await createLicenseMonitor({ trustedKeys, key })
    if (saved === undefined) delete process.env.IOSETU_LICENSE_FILE
    else process.env.IOSETU_LICENSE_FILE = saved
    const told: string[] = []
    monitor.on(({ event }) => void told.push(event))
    await monitor.close()
    expect(monitor.state.state).toBe(state === 'expiring' ? 'valid' : state)
    expect(told).toEqual(
      {
        valid: [],
        expiring: ['license.expiring_7d'],
        grace: ['license.grace_mode_entered'],
        over: ['license.grace_period_ended'],
        unlicensed: ['license.missing'],
      }[state],
    )
  })
})
