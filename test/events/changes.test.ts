import { describe, expect, test } from 'vitest'
import { createAnnouncer } from '../../exporter/events/announcer.ts'
import { announced, down, missing, names, server, snapshot, start, timeout } from './readings.ts'

describe('the license server', () => {
  test('a server that is up at first is the baseline', () => {
    expect(names(announced([snapshot(), snapshot()]))).toEqual([[], []])
  })

  test('a server that is down at first is announced, once', () => {
    expect(names(announced([down(), down(), snapshot(), snapshot()]))).toEqual([
      ['license_server.down'],
      [],
      ['license_server.up'],
      [],
    ])
  })

  test('the reason of the end of an outage is the reason it began with', () => {
    const [, , up] = announced([snapshot(), down('quorum'), snapshot()])
    expect(up?.[0]).toMatchObject({
      attributes: { server: 'cad', manager: 'flexlm', reason: 'quorum' },
    })
  })

  test('a timeout is a failed reading and a server that is down', () => {
    expect(names(announced([snapshot(), timeout, snapshot()]))).toEqual([
      [],
      ['exporter.collect_failed', 'license_server.down'],
      ['exporter.collect_recovered', 'license_server.up'],
    ])
  })

  test('a missing tool says nothing of the server', () => {
    expect(names(announced([snapshot(), missing, missing, snapshot()]))).toEqual([
      [],
      ['exporter.collect_failed'],
      [],
      ['exporter.collect_recovered'],
    ])
  })

  test('an outage that was announced before a restart is not announced again', () => {
    const { saved } = announced([snapshot(), down()])
    expect(
      names(announced([down(), snapshot()], { saved: JSON.parse(JSON.stringify(saved)) })),
    ).toEqual([[], ['license_server.up']])
  })

  test('an assumed status is neither up nor down', () => {
    const list = snapshot({ status: { up: true, assumed: true } })
    expect(names(announced([down(), list]))).toEqual([['license_server.down'], []])
  })
})

describe('vendor daemons and machines', () => {
  test('a daemon is announced down and up, compared without case', () => {
    const gone = snapshot({ daemons: [{ vendor: 'ADSKFLEX', up: false }] })
    expect(names(announced([snapshot(), gone, gone, snapshot()]))).toEqual([
      [],
      ['license_server.vendor_daemon_down'],
      [],
      ['license_server.vendor_daemon_up'],
    ])
  })

  test('a triad announces its machines, its quorum and its master', () => {
    const facts = { ...server, members: ['a', 'b', 'c'] }
    const triad = (up: [boolean, boolean, boolean], master: number) =>
      snapshot({
        status:
          up.filter(Boolean).length >= 2
            ? { up: true }
            : { up: false, reason: 'quorum', message: '' },
        members: ['a', 'b', 'c'].map((name, index) => ({
          name,
          up: up[index] ?? false,
          ...(index === master && { master: true }),
        })),
      })
    const told = announced(
      [
        triad([true, true, true], 0),
        triad([false, true, true], 1),
        triad([false, false, true], -1),
        triad([true, true, true], 1),
      ],
      { facts },
    )
    expect(names(told)).toEqual([
      [],
      ['license_server.member_down', 'license_server.master_changed'],
      ['license_server.down', 'license_server.quorum_lost', 'license_server.member_down'],
      [
        'license_server.up',
        'license_server.quorum_restored',
        'license_server.member_up',
        'license_server.member_up',
      ],
    ])
  })

  test('the only machine of a server is no news of its own', () => {
    const away = { ...down(), members: [{ name: 'lic1', up: false }] }
    expect(names(announced([snapshot(), away]))).toEqual([[], ['license_server.down']])
  })
})

describe('ids', () => {
  test('the same transition after a crash has the same id', () => {
    const once = createAnnouncer()
    const at = new Date(start)
    const first = { server: 'cad', manager: 'flexlm', at, seconds: 1, snapshot: snapshot() }
    once.reading(server, first, at)
    const saved = JSON.parse(JSON.stringify(once.announced()))
    const later = { ...first, snapshot: down() }
    const [a] = once.reading(server, later, at)
    const [b] = createAnnouncer(saved).reading(server, later, new Date(start + 60_000))
    expect(a?.id).toMatch(/^[0-9a-f]{32}$/)
    expect(b?.id).toBe(a?.id)
  })

  test('the next outage has another id', () => {
    const announcer = createAnnouncer()
    const ids = [snapshot(), down(), snapshot(), down()].flatMap((one, index) => {
      const at = new Date(start + index * 60_000)
      return announcer
        .reading(server, { server: 'cad', manager: 'flexlm', at, seconds: 1, snapshot: one }, at)
        .map(({ id }) => id)
    })
    expect(new Set(ids).size).toBe(3)
  })
})

describe('the own license', () => {
  const expiring = (event: 'license.expiring_30d' | 'license.expiring_7d', expires_at = 'A') => ({
    event,
    msg: 'License expiring',
    attributes: { days_remaining: 5, expires_at, customer: 'YourCompany' },
  })
  const entered = {
    event: 'license.grace_mode_entered',
    msg: 'Grace',
    attributes: { grace_period_seconds: 86_400, reason: 'expired' },
  } as const
  const now = new Date(start)

  test('what was announced before a restart stays silent', () => {
    const before = createAnnouncer()
    expect(before.own(expiring('license.expiring_30d'), now)).toBeDefined()
    const after = createAnnouncer(JSON.parse(JSON.stringify(before.announced())))
    expect(after.own(expiring('license.expiring_30d'), now)).toBeUndefined()
    expect(after.own(expiring('license.expiring_7d'), now)).toBeDefined()
    expect(after.own(expiring('license.expiring_30d'), now)).toBeUndefined()
    expect(after.own(expiring('license.expiring_30d', 'B'), now)).toBeDefined()
  })

  test('grace is entered once and left once, also across a restart', () => {
    const before = createAnnouncer()
    expect(before.own(entered, now)).toBeDefined()
    const after = createAnnouncer(before.announced())
    expect(after.own(entered, now)).toBeUndefined()
    expect(after.ownIsGood(now)?.draft.event).toBe('license.grace_mode_exited')
    expect(after.ownIsGood(now)).toBeUndefined()
    expect(after.own(entered, now)).toBeDefined()
  })

  test('a clock that jumps is news every time', () => {
    const announcer = createAnnouncer()
    const jump = {
      event: 'license.time_drift_detected',
      msg: 'Clock jumped',
      attributes: { drift_seconds: 9 },
    } as const
    const ids = [announcer.own(jump, now)?.id, announcer.own(jump, now)?.id]
    expect(new Set(ids).size).toBe(2)
    expect(ids).not.toContain(undefined)
  })
})
