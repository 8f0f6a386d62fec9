import { ExporterError } from '../errors.ts'
import type { LicenseManager, Output, Request } from '../managers/manager.ts'
import type { ServerConfig } from '../managers/server-options.ts'
import type { Snapshot } from '../model.ts'
import { staleIntervals } from '../state.ts'
import { filterSnapshot } from './feature-filter.ts'
import { fetchInput } from './fetch-input.ts'
import { readInput } from './read-input.ts'
import { runTool } from './run-tool.ts'

export interface ReadContext {
  now(): Date
  timeZone: string
  signal: AbortSignal
}

export interface ServerAnswer {
  snapshot: Snapshot
  at: Date
  besideErrors: ExporterError[]
}

/**
 * Asks one server and understands the answer. undefined = its file is just being written: the next
 * tick will do.
 *
 * @throws ExporterError why it could not be read
 */
export async function readServer(
  server: ServerConfig,
  manager: LicenseManager,
  context: ReadContext,
): Promise<ServerAnswer | undefined> {
  const outputs: (Output | undefined)[] = []
  const besideErrors: ExporterError[] = []
  const requests = requestsOf(server, manager)
  for (const request of requests) {
    try {
      const output = await collect(request, server, context)
      if (!output && !request.beside) return undefined
      outputs.push(output)
    } catch (error) {
      if (!request.beside || !(error instanceof ExporterError)) throw error
      besideErrors.push(error)
      outputs.push(undefined)
    }
  }
  const [first] = requests
  const at = (first && 'read' in first && outputs[0]?.at) || context.now()
  const parsed = manager.parse(outputs, { now: at, timeZone: context.timeZone, server })
  return { snapshot: filterSnapshot(parsed, server.features), at, besideErrors }
}

/**
 * `read` and `get` come before the tool; what lies beside the server is read all the same. A
 * manager may ask for them itself (RLM posts a form to its web page).
 */
export function requestsOf(server: ServerConfig, manager: LicenseManager): Request[] {
  const requests = manager.requests(server)
  const { read, get } = server
  if (read === undefined && get === undefined) return requests
  if (requests.some(request => !request.beside && !('run' in request))) return requests
  const first: Request =
    read === undefined ? { get: get ?? '', text: 'auto' } : { read, text: 'auto' }
  return [first, ...requests.filter(request => request.beside)]
}

function collect(
  request: Request,
  server: ServerConfig,
  { now, timeZone, signal }: ReadContext,
): Promise<Output | undefined> {
  const timeoutSeconds = server.timeout
  if ('run' in request) return runTool(request, { timeoutSeconds, timeZone, signal })
  if ('get' in request) return fetchInput(request, { timeoutSeconds, signal })
  const limit = server.max_age ?? staleIntervals * server.interval
  const maxAgeSeconds = request.beside ? undefined : limit
  return readInput(request, { timeoutSeconds, now: now(), maxAgeSeconds })
}
