import { type Sample, sample } from '../../catalogue.ts'
import { collectErrorCode } from '../../errors.ts'
import type { Daemon, Member } from '../../model.ts'
import { unreconciled } from '../../reconcile.ts'
import type { GoodReading, Reading, ServerState } from '../../state.ts'
import { type Spelling, sumKnown } from './merge.ts'

/** Up or not, why, which machines and vendor daemons. */
export function* serverSamples(
  server: ServerState,
  good: GoodReading | undefined,
  spell: Spelling,
): Generator<Sample> {
  const labels = { server: server.name, manager: server.manager }
  yield* collectSamples(server, labels)
  const { up, problem } = upOf(server.reading)
  if (up !== undefined) yield sample('license_server_up', labels, up)
  if (problem) yield sample('license_server_problem', { ...labels, reason: problem }, 1)
  if (!good) return

  const unclear = unreconciled(good.snapshot).length
  yield sample('license_exporter_unreconciled_features', labels, unclear)
  const { status, members, daemons } = good.snapshot
  const version = status.version ?? (members.find(one => one.master) ?? members[0])?.version
  if (version) yield sample('license_server_info', { ...labels, version }, 1)
  // A tool that we had to kill tells nothing of the machines: what they were is not what they are.
  if (problem !== 'timeout') yield* memberSamples(server, good, labels)
  for (const daemon of mergedDaemons(daemons, spell)) {
    const { vendor } = daemon
    if (up !== 0) {
      yield sample('license_server_vendor_daemon_up', { ...labels, vendor }, Number(daemon.up))
    }
    if (daemon.version) {
      const info = { ...labels, vendor, version: daemon.version }
      yield sample('license_server_vendor_daemon_info', info, 1)
    }
    if (daemon.restarts !== undefined) {
      const { restarts } = daemon
      yield sample('license_server_vendor_daemon_restarts_total', { ...labels, vendor }, restarts)
    }
  }
}

type ServerLabels = { server: string; manager: string }

function* collectSamples(server: ServerState, labels: ServerLabels): Generator<Sample> {
  const { reading, good, delaySeconds } = server
  if (reading) {
    const success = Number('snapshot' in reading)
    yield sample('license_exporter_collect_success', labels, success)
    yield sample('license_exporter_collect_duration_seconds', labels, reading.seconds)
  }
  if (good) {
    const at = good.at.getTime() / 1000
    yield sample('license_exporter_collect_timestamp_seconds', labels, at)
  }
  if (delaySeconds !== undefined) {
    yield sample('license_exporter_poll_delay_seconds', labels, delaySeconds)
  }
}

/** Our timeout counts as down: users wait as well. What we could not ask is not known. */
function upOf(reading: Reading | undefined): { up?: 0 | 1; problem?: string } {
  if (!reading) return {}
  if ('snapshot' in reading) {
    const { status } = reading.snapshot
    return status.up ? { up: 1 } : { up: 0, problem: status.reason }
  }
  const problem = collectErrorCode(reading.error)
  return problem === 'timeout' ? { up: 0, problem } : { problem }
}

function* memberSamples(
  server: ServerState,
  { snapshot: { status, members: listed } }: GoodReading,
  labels: ServerLabels,
): Generator<Sample> {
  const members = new Map<string, Pick<Member, 'name' | 'master'> & { up: boolean | undefined }>()
  for (const member of listed) members.set(member.name, member)
  if (listed.length === 0) {
    // Of several machines that an answer does not list, "serves" and "no quorum" leave open which.
    const all = status.up ? server.members.length === 1 : status.reason !== 'quorum'
    for (const name of server.members) members.set(name, { name, up: all ? status.up : undefined })
  }
  const tellsMaster = listed.some(({ master }) => master !== undefined)
  for (const { name, up, master } of members.values()) {
    const one = { ...labels, member: name }
    if (up !== undefined) yield sample('license_server_member_up', one, Number(up))
    if (tellsMaster) yield sample('license_server_member_master', one, Number(master ?? false))
  }
  if (members.size === 3) {
    const ups = [...members.values()].filter(({ up }) => up).length
    const quorum = listed.length === 0 ? status.up : ups >= 2
    const lost = !status.up && status.reason === 'quorum'
    yield sample('license_server_quorum', labels, Number(quorum && !lost))
  }
}

/** Names compared without case; where two entries disagree the daemon that is down shows. */
export function mergedDaemons(daemons: readonly Daemon[], spell: Spelling): Daemon[] {
  const merged = new Map<string, Daemon>()
  for (const daemon of daemons) {
    const vendor = spell(daemon.vendor)
    const before = merged.get(vendor)
    const restarts = sumKnown([before?.restarts, daemon.restarts])
    const denials = sumKnown([before?.denials, daemon.denials])
    merged.set(vendor, {
      ...daemon,
      ...before,
      vendor,
      up: daemon.up && (before?.up ?? true),
      ...(restarts === undefined ? {} : { restarts }),
      ...(denials === undefined ? {} : { denials }),
    })
  }
  return [...merged.values()]
}
