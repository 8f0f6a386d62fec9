import type { DownReason, Member, ServerStatus } from '../../model.ts'
import { type Machine, sameHost } from './address.ts'
import type { Block, Draft } from './draft.ts'

/** Whether the license server serves, and its machines, from "License server status" on. */
export function serverState(
  draft: Draft,
  address: readonly Machine[],
): { status: ServerStatus | undefined; members: Member[] } {
  const members: Member[] = []
  const blocks = draft.blocks.map(block => {
    const own = blockMembers(block, address)
    for (const member of own) addMember(members, member)
    return { block, own }
  })
  const version = (members.find(member => member.master) ?? members.find(member => member.version))
    ?.version
  const told = version === undefined ? {} : { version }
  const states = blocks.map(({ block, own }) => blockState(block, own))
  const broken = states.find(state => state !== undefined && !state.up)
  // Of two servers in one answer one that serves is enough; the other shows as a member.
  // A use that is told is a server that answered, whatever its machines' lines say.
  const served = draft.headings.some(heading => heading.used !== undefined)
  if (served || states.some(state => state?.up)) return { status: { up: true, ...told }, members }
  if (broken) return { status: { ...broken, ...told }, members }
  if (draft.daemons.length + draft.headings.length > 0) {
    return { status: { up: true, ...told }, members }
  }
  if (draft.rows.length > 0) return { status: { up: true, assumed: true }, members }
  return { status: undefined, members }
}

function blockState(block: Block, members: readonly Member[]): ServerStatus | undefined {
  const up = members.filter(member => member.up).length
  const down = members.filter(member => !member.up)
  const firstError = block.error ?? down.find(member => member.error !== undefined)?.error
  const triad = block.listed.length === 3 || members.length === 3
  if (up > 0 && triad && down.length >= 2) {
    return {
      up: false,
      reason: 'quorum',
      message: `${down.length} of 3 machines are down: ${firstError ?? 'the server says no more'}`,
    }
  }
  if (up > 0) {
    return block.error === undefined
      ? { up: true }
      : { up: false, reason: reasonOf(block.error), message: block.error }
  }
  if (firstError !== undefined) {
    return { up: false, reason: reasonOf(firstError), message: firstError }
  }
  if (down.length > 0) return { up: false, reason: 'down', message: 'license server DOWN' }
  return undefined
}

/** FlexNet's codes of a network that did not carry the question, or the answer. */
const network = new Set([-7, -13, -14, -15, -16, -17, -95])

export function reasonOf(message: string): DownReason {
  const code = /\((-\d+)[,)]/.exec(message)
  if (code) return network.has(Number(code[1])) ? 'connect' : 'down'
  return /cannot connect|refused|timed out|unreachable/i.test(message) ? 'connect' : 'down'
}

function blockMembers(block: Block, address: readonly Machine[]): Member[] {
  const members: Member[] = []
  for (const line of block.members) {
    const listed = block.listed.find(machine => sameHost(machine.host, line.host))
    const known = address.find(machine => sameHost(machine.host, line.host))
    const member: Member = { name: known?.host ?? line.host, up: line.up }
    if (line.master) member.master = true
    if (line.version !== undefined) member.version = line.version
    const port = listed?.port ?? known?.port
    if (port !== undefined) member.port = port
    if (line.error !== undefined) member.error = line.error
    addMember(members, member)
  }
  if (block.error === undefined) return members
  // "lmgrd is not running": no machine has a line of its own.
  for (const machine of block.listed) {
    if (members.some(member => sameHost(member.name, machine.host))) continue
    const known = address.find(one => sameHost(one.host, machine.host))
    members.push({
      name: known?.host ?? machine.host,
      up: false,
      ...(machine.port !== undefined && { port: machine.port }),
      error: block.error,
    })
  }
  return members
}

/** Windows prints one machine twice, `BVS15004` and `bvs15004`; two ports are two servers. */
function addMember(members: Member[], member: Member): void {
  const same = members.find(one => one.name.toLowerCase() === member.name.toLowerCase())
  if (!same) {
    members.push(member)
  } else if (same.port === member.port) {
    same.up ||= member.up
    if (member.master) same.master = true
  } else {
    members.push({ ...member, name: `${member.port ?? ''}@${member.name}` })
  }
}
