import { describe, expect, test } from 'vitest'
import { metrics, type Sample } from '../../exporter/catalogue.ts'
import { demoLicense, demoLicenseStates } from '../../exporter/demo/license.ts'
import { createLicenseMonitor } from '../../exporter/self-license/index.ts'
import { claims, token } from './licenses.ts'
import { fileWith, names, type Run, start } from './monitor-world.ts'
import { day, hour, minute, second } from './world.ts'

const good = token()
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
