import { requestsOf } from '../../exporter/collect/read-server.ts'
import { serverState } from '../../exporter/collect/server-state.ts'
import { newTally, tallyLogEntry, tallyReading } from '../../exporter/collect/tally.ts'
import type { Config } from '../../exporter/config/schema.ts'
import { licenseFile, lmstat } from '../../exporter/demo/lmstat.ts'
import { rlmstat } from '../../exporter/demo/rlmstat.ts'
import { sesictrl } from '../../exporter/demo/sesictrl.ts'
import { type DemoFeature, type DemoServer, site } from '../../exporter/demo/site.ts'
import { vendorLog } from '../../exporter/demo/vendor-log.ts'
import { ExporterError } from '../../exporter/errors.ts'
import { manager as registered } from '../../exporter/managers/index.ts'
import type { Output } from '../../exporter/managers/manager.ts'
import type { Reading, ServerState } from '../../exporter/state.ts'

const day = 86_400

/** What is wrong with a license server at a moment; good otherwise. */
export type Trouble = 'refused' | 'tool fails' | 'member down' | 'daemon down'

/** One of the demo's license servers, read at any pace: its own texts through the real parsers. */
export interface SimulatedServer {
  name: string
  state: ServerState
  /** One poll at this second; `from` = the one before. */
  poll(from: number, at: number, trouble?: Trouble): void
  /** The exporter begins anew: counters at 0, nothing read yet. */
  restart(): void
}

/** The license servers of the demo that are up, licenses renewed 19 days before they end. */
export function simulatedServers(config: Config, began: number): SimulatedServer[] {
  return site
    .filter(({ down }) => !down)
    .map(server => {
      const its = config.server.find(({ name }) => name === server.name)
      if (!its) throw new Error(`the demo configures no ${server.name}`)
      return simulated(server, its, began)
    })
}

function simulated(
  server: DemoServer,
  config: Config['server'][number],
  began: number,
): SimulatedServer {
  const manager = registered(config.manager)
  const logs = manager.logReader?.({ now: new Date(began * 1000), timeZone: 'UTC' })
  const text = { flexlm: lmstat, rlm: rlmstat, sesinetd: sesictrl }[server.manager]
  const encoder = new TextEncoder()

  function outputs(at: number, trouble: Trouble | undefined): Output[] {
    const now = renewed(server, (at - began) / day)
    const status = said(text({ ...now, ...(trouble === 'refused' && { down: true }) }, at, began))
    return requestsOf(config, manager).map((request): Output => {
      const file = request.text === 'license_file'
      return {
        text: request.text,
        stdout: encoder.encode(file ? licenseFile(now, began) : status),
        stderr: '',
        exitCode: trouble === 'refused' && !file ? 241 : 0,
        at: new Date(at * 1000),
      }
    })

    function said(whole: string): string {
      if (trouble === 'member down') return withoutLastMember(whole, server)
      return trouble === 'daemon down' ? withoutFirstDaemon(whole, server) : whole
    }
  }

  function read(at: number, trouble: Trouble | undefined): Reading {
    const reading = { server: server.name, manager: server.manager, at: new Date(at * 1000) }
    try {
      if (trouble === 'tool fails') throw new ExporterError('exit_code', 'the tool ended with 1')
      const context = { now: reading.at, timeZone: 'UTC', server: config }
      return { ...reading, seconds: 0.1, snapshot: manager.parse(outputs(at, trouble), context) }
    } catch (error) {
      if (!(error instanceof ExporterError)) throw error
      return { ...reading, seconds: 0.1, error }
    }
  }

  return {
    name: server.name,
    state: serverState(config, manager),
    poll(from, at, trouble) {
      const { state } = this
      for (const line of vendorLog(server, from, at).split('\n')) {
        const entry = line === '' ? undefined : logs?.read(line)
        if (entry) tallyLogEntry(state.tally, entry)
      }
      const reading = read(at, trouble)
      tallyReading(state.tally, reading, state.hasLogs)
      state.reading = reading
      if ('snapshot' in reading) state.good = reading
    },
    restart() {
      this.state = { ...serverState(config, manager), tally: newTally(manager.sections) }
    },
  }
}

/** As it is so many days after the beginning; the same objects each time, which remember much. */
function renewed(server: DemoServer, days: number): DemoServer {
  const features = server.features.map(one => {
    if (one.expires === 'permanent' || days < one.expires - 19) return one
    const renewal = renewals.get(one) ?? { ...one, expires: one.expires + 365 }
    renewals.set(one, renewal)
    return renewal
  })
  return { ...server, features }
}

const renewals = new WeakMap<DemoFeature, DemoFeature>()

function withoutLastMember(text: string, { members = [] }: DemoServer): string {
  const last = members.at(-1)
  const refused = 'Cannot connect to license server system. (-15,570:111 "Connection refused")'
  return text.replace(new RegExp(`^${last}: license server UP.*$`, 'm'), `${last}: ${refused}`)
}

function withoutFirstDaemon(text: string, { vendors }: DemoServer): string {
  const [first] = vendors
  const block = new RegExp(`^ {4}${first?.name}: UP [^]*?(?=^ {4}\\w+: UP |^NOTE: )`, 'm')
  return text.replace(block, `    ${first?.name}: The desired vendor daemon is down. (-97,121)\n\n`)
}
