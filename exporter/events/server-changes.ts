import { collectErrorCode } from '../errors.ts'
import type { Member, Snapshot } from '../model.ts'
import type { Step } from './step.ts'

/** Collecting, the server itself, its vendor daemons and its machines. */
export function serverChanges(step: Step): void {
  const { reading } = step
  if ('error' in reading) {
    const reason = collectErrorCode(reading.error)
    failed(step, reason)
    // Only a timeout says something of the server; every other failure is ours.
    if (reason === 'timeout') down(step, reason)
    return
  }
  recovered(step)
  const { snapshot } = reading
  const { status } = snapshot
  if (!status.up) down(step, status.reason)
  else if (!status.assumed) up(step)
  quorum(step, snapshot)
  members(step, snapshot.members)
  if (!status.up) return
  for (const { vendor, up } of snapshot.daemons) daemon(step, vendor, up)
}

function failed(step: Step, reason: string): void {
  if (isState(step.known('collect'), 'failed')) return
  step.say('collect', `failed:${reason}`, {
    event: 'exporter.collect_failed',
    msg: 'License server could not be read',
    attributes: { ...step.labels, reason },
  })
}

function recovered(step: Step): void {
  const known = step.known('collect')
  if (!isState(known, 'failed')) {
    step.set('collect', 'ok')
    return
  }
  step.say('collect', 'ok', {
    event: 'exporter.collect_recovered',
    msg: 'License server can be read again',
    attributes: { ...step.labels, reason: reasonOf(known) },
  })
}

function down(step: Step, reason: string): void {
  if (isState(step.known('server'), 'down')) return
  step.say('server', `down:${reason}`, {
    event: 'license_server.down',
    msg: 'License server is down',
    attributes: { ...step.labels, reason },
  })
}

function up(step: Step): void {
  const known = step.known('server')
  if (!isState(known, 'down')) {
    step.set('server', 'up')
    return
  }
  step.say('server', 'up', {
    event: 'license_server.up',
    msg: 'License server is up again',
    attributes: { ...step.labels, reason: reasonOf(known) },
  })
}

function daemon(step: Step, vendor: string, isUp: boolean): void {
  const subject = `daemon\n${vendor.toLowerCase()}`
  const known = step.known(subject)
  const attributes = { ...step.labels, vendor }
  if (!isUp && known !== 'down') {
    step.say(subject, 'down', {
      event: 'license_server.vendor_daemon_down',
      msg: 'Vendor daemon is down',
      attributes,
    })
  } else if (isUp && known === 'down') {
    step.say(subject, 'up', {
      event: 'license_server.vendor_daemon_up',
      msg: 'Vendor daemon is up again',
      attributes,
    })
  } else if (isUp) step.set(subject, 'up')
}

/** A server of one machine is down or up as a whole: its machine is no news of its own. */
function members(step: Step, listed: readonly Member[]): void {
  if (Math.max(listed.length, step.server.members.length) < 2) return
  for (const { name, up } of listed) {
    const subject = `member\n${name}`
    const known = step.known(subject)
    const attributes = { ...step.labels, member: name }
    if (!up && known !== 'down') {
      step.say(subject, 'down', {
        event: 'license_server.member_down',
        msg: 'Machine of the license server is down',
        attributes,
      })
    } else if (up && known === 'down') {
      step.say(subject, 'up', {
        event: 'license_server.member_up',
        msg: 'Machine of the license server is up again',
        attributes,
      })
    } else if (up) step.set(subject, 'up')
  }
  const master = listed.find(({ up, master }) => up && master)?.name
  if (master !== undefined) masterIs(step, master)
}

function masterIs(step: Step, master: string): void {
  const known = step.known('master')
  if (known === undefined) step.set('master', master)
  if (known === undefined || known === master) return
  step.say('master', master, {
    event: 'license_server.master_changed',
    msg: 'Master of the license server changed',
    attributes: { ...step.labels, member: master },
  })
}

/** Only three machines have a quorum. */
function quorum(step: Step, { members, status }: Snapshot): void {
  if (Math.max(members.length, step.server.members.length) !== 3) return
  const lost = !status.up && status.reason === 'quorum'
  if (!lost && members.length !== 3) return
  const away = members.filter(({ up }) => !up).map(({ name }) => name)
  const held = !lost && away.length < 2
  const known = step.known('quorum')
  const attributes = { ...step.labels, ...(away.length > 0 && { member: away.join(',') }) }
  if (!held && known !== 'lost') {
    step.say('quorum', 'lost', {
      event: 'license_server.quorum_lost',
      msg: 'Too few machines of the license server are up',
      attributes,
    })
  } else if (held && known === 'lost') {
    step.say('quorum', 'held', {
      event: 'license_server.quorum_restored',
      msg: 'Enough machines of the license server are up again',
      attributes,
    })
  } else if (held) step.set('quorum', 'held')
}

/** States that keep their reason are written `down:connect`. */
function isState(known: string | number | undefined, state: string): boolean {
  return String(known).split(':', 1)[0] === state
}

function reasonOf(known: string | number | undefined): string {
  return String(known).split(':')[1] ?? ''
}
