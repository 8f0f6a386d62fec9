import { createFeatureMap } from '../exporter/feature-map.ts'
import { manager } from '../exporter/managers/index.ts'
import { createExposition } from '../exporter/metrics/exposition.ts'
import type { Exposition } from '../exporter/parts.ts'
import { createNames } from '../exporter/privacy.ts'
import type { ServerState } from '../exporter/state.ts'
import { type Fixture, parseFixture } from './fixtures.ts'
import { answered, serverState } from './server-state.ts'

/** A fixture as one configured server that was just read, with the series of its checkouts. */
export function stateOf(one: Fixture): ServerState {
  const { name, interval: intervalSeconds } = one.server
  const members = manager(one.manager).members(one.server)
  const snapshot = parseFixture(one)
  const tally = serverState().tally
  for (const { section } of snapshot.unparsed) {
    tally.unparsed.set(section, (tally.unparsed.get(section) ?? 0) + 1)
  }
  const { manager: kind } = one
  const delaySeconds = 0
  const more = { name, manager: kind, members, intervalSeconds, delaySeconds, tally }
  return answered(snapshot, more, one.now)
}

export function expositionOf(states: Iterable<ServerState>, now: Date): Exposition {
  const servers = new Map([...states].map(state => [state.name, state]))
  const names = createNames({ users: 'plain', hosts: 'plain' })
  return createExposition({
    state: () => ({ servers }),
    context: () => ({ features: createFeatureMap([]), checkouts: { names, max: 5000 } }),
    live: () => [],
    now: () => now,
  })
}

export async function textOf(exposition: Exposition, accept?: string): Promise<string> {
  const { body } = await exposition.scrape({ accept })
  return Buffer.concat(body).toString()
}
