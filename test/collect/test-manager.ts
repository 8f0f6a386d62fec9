import { z } from 'zod'
import { createPoller, type LogPoller, type PollerOptions } from '../../exporter/collect/poll.ts'
import { type Config, configSchema } from '../../exporter/config/schema.ts'
import { ExporterError } from '../../exporter/errors.ts'
import type { LicenseManager, Request, ServerOptions } from '../../exporter/managers/manager.ts'
import type { ServerConfig } from '../../exporter/managers/server-options.ts'
import type { Snapshot } from '../../exporter/model.ts'
import type { ReadingChange } from '../../exporter/parts.ts'
import { lineReader, quiet } from './log-files.ts'
import { tool } from './tools.ts'

/** Reads what test/fixtures/tools/status.sh prints: a whole license manager in a few lines. */
export const acme: LicenseManager = {
  name: 'acme',
  title: 'Acme',
  server: z.custom<ServerOptions>(),
  sections: ['status', 'tail'],
  usedByPool: false,
  members: () => [],
  requests({ tool: path = tool('status.sh'), address = 'up', license_files = [] }) {
    const beside = license_files.map(
      (read): Request => ({ read, text: 'license_file', beside: true }),
    )
    return [{ run: [path, ...address.split(' ')], text: 'status' }, ...beside]
  },
  parse([status, ...files]) {
    if (!status) throw new Error('there is always a status')
    if (status.exitCode === 99) throw new ExporterError('exit_code', 'exit code 99')
    const [line = '', ...rest] = status.stdout.toString().trimEnd().split('\n')
    const [word, issued, used, version = ''] = line.split(' ')
    if (word === 'BREAK') throw new TypeError('a bug of ours')
    const up: Snapshot = {
      status: { up: true, version },
      members: [],
      daemons: [{ vendor: 'acme', up: true }],
      features: ['draw', 'test_draw'].map(name => ({
        vendor: 'acme',
        name,
        counting: 'counted',
        issued: Number(issued),
        used: Number(used),
        installed: files.filter(Boolean).length,
        reservations: [],
        problems: [],
      })),
      pools: [],
      checkouts: [],
      unparsed: rest.map(one => ({ section: 'tail', line: one })),
    }
    if (word === 'UP') return up
    const reason = ({ DOWN: 'down', REFUSED: 'connect', QUORUM: 'quorum' } as const)[word ?? '']
    if (reason === undefined) throw new ExporterError('unreadable', 'not an acme text')
    return { ...up, status: { up: false, reason, message: line }, features: [] }
  },
  recognise: () => 'status',
  texts: ['status'],
  logReader: lineReader,
}

export type ServerTable = Partial<ServerConfig> & { name: string }

export function config(servers: ServerTable[], rest: object = {}): Config {
  const parsed = configSchema.parse({ server: [], ...rest })
  const defaults = { manager: 'acme', interval: 60, timeout: 10, logs: [] }
  const features = { include: ['*'], exclude: [] }
  return { ...parsed, server: servers.map(one => ({ ...defaults, features, ...one })) }
}

export interface Polled {
  poller: LogPoller
  changes: ReadingChange[]
}

export function poll(
  servers: ServerTable[],
  options: Partial<PollerOptions> & { rest?: object } = {},
): Polled {
  const changes: ReadingChange[] = []
  const { rest, ...others } = options
  const poller = createPoller({
    config: config(servers, rest),
    log: quiet,
    onReading: change => changes.push(change),
    manager: () => acme,
    ...others,
  })
  return { poller, changes }
}
