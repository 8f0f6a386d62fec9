import { isDeepStrictEqual } from 'node:util'
import type { LicenseManager } from '../managers/manager.ts'
import type { ServerConfig } from '../managers/server-options.ts'
import type { ServerState } from '../state.ts'
import { newTally } from './tally.ts'

/** What is known of a server that was not read yet; `before` = under the previous configuration. */
export function serverState(
  config: ServerConfig,
  manager: LicenseManager,
  before?: { config: ServerConfig; state: ServerState },
): ServerState {
  const old = before?.state.manager === config.manager ? before : undefined
  const kept = old && isDeepStrictEqual(asked(old.config), asked(config)) ? old.state : undefined
  return {
    name: config.name,
    manager: config.manager,
    members: manager.members(config),
    intervalSeconds: config.interval,
    maxAgeSeconds: config.read === undefined ? undefined : config.max_age,
    hasLogs: config.logs.length > 0 && manager.logReader !== undefined,
    reading: kept?.reading,
    good: kept?.good,
    delaySeconds: kept?.delaySeconds,
    // Counters live as long as the process: a changed interval is no restart.
    tally: old?.state.tally ?? newTally(manager.sections),
    log: undefined,
  }
}

/** What a reading is of; another interval does not make it another server. */
function asked({ manager, address, tool, read, get, features }: ServerConfig): unknown {
  return { manager, address, tool, read, get, features }
}
