import { type Label, metrics, type Sample, sample } from '../catalogue.ts'
import { ExporterError } from '../errors.ts'
import type { Exposition } from '../parts.ts'
import { freshReading, type ServerState, type State, staleAt } from '../state.ts'
import { Body } from './body.ts'
import { createBreath } from './breathe.ts'
import { contentTypes, encode, encodeFragment, type Fragment } from './encode.ts'
import { gzipEnd } from './gzip.ts'
import { acceptsGzip, negotiateFormat } from './negotiate.ts'
import { shareOut } from './samples/checkouts.ts'
import { groupsOf, type SampleContext, samplesOf } from './samples.ts'

export interface ExpositionOptions {
  state(): State
  context(): SampleContext
  /** What changes by the second: process, instruments, own license. No series with a `server`. */
  live(now: Date): Iterable<Sample> | Promise<Iterable<Sample>>
  now?: () => Date
}

interface Encoded extends Fragment {
  /** How many series of single checkouts it was allowed, and how many it wants. */
  budget: number
  wanted: number
  /** Its gauges go at this time, Unix milliseconds. */
  staleAt: number
}

/** Nothing is encoded until somebody scrapes; then only what changed since. */
export function createExposition(options: ExpositionOptions): Exposition {
  const now = options.now ?? (() => new Date())
  const encoded = new Map<string, Encoded>()
  let dirty = new Set<string>()
  let allDirty = true
  let body = new Body([])
  let building: Promise<Body> | undefined

  /** Servers whose fragment no longer says what is true. */
  function changed(state: State, at: number): string[] {
    const names = [...state.servers.keys()]
    if (allDirty) return names
    return names.filter(name => {
      const fragment = encoded.get(name)
      return !fragment || dirty.has(name) || at >= fragment.staleAt
    })
  }

  function isCurrent(): boolean {
    const state = options.state()
    if (allDirty || dirty.size > 0 || state.servers.size !== encoded.size) return false
    return changed(state, now().getTime()).length === 0
  }

  async function build(): Promise<Body> {
    const state = options.state()
    const context = options.context()
    const at = now()
    const names = changed(state, at.getTime())
    const [wasDirty, wasAllDirty] = [dirty, allDirty]
    dirty = new Set()
    allDirty = false
    try {
      for (const name of encoded.keys()) if (!state.servers.has(name)) encoded.delete(name)
      await encodeServers(state, context, at, new Set(names), encoded)
    } catch (error) {
      dirty = new Set([...dirty, ...wasDirty])
      allDirty ||= wasAllDirty
      throw error
    }
    // In the order of the configuration, whatever was encoded last.
    body = new Body([...state.servers.keys()].flatMap(name => encoded.get(name) ?? []))
    return body
  }

  async function current(): Promise<Body> {
    // One that began before the last change does not show it: wait, then share the next one.
    if (building && !isCurrent()) await building.catch(() => undefined)
    if (!building && isCurrent()) return body
    building ??= build().finally(() => {
      building = undefined
    })
    return building
  }

  return {
    invalidate(server) {
      dirty.add(server)
    },
    invalidateAll() {
      allDirty = true
    },
    async scrape({ accept, acceptEncoding }) {
      const format = negotiateFormat(accept)
      const contentType = contentTypes[format]
      const [servers, live] = await Promise.all([current(), options.live(now())])
      const rest = Buffer.concat([...encode(liveSamples(live, servers.series), format)])
      if (!acceptsGzip(acceptEncoding)) {
        const plain = await servers.plain(format)
        return { contentType, contentEncoding: undefined, body: [...plain, rest] }
      }
      const zipped = await gzipEnd(await servers.gzip(format), rest)
      return { contentType, contentEncoding: 'gzip', body: zipped }
    },
  }
}

async function encodeServers(
  state: State,
  context: SampleContext,
  at: Date,
  names: ReadonlySet<string>,
  encoded: Map<string, Encoded>,
): Promise<void> {
  const breathe = createBreath()
  const servers = [...state.servers.values()]
  const max = context.checkouts?.max ?? 0
  const wanted = servers.map(server => {
    const known = encoded.get(server.name)
    if (known && !names.has(server.name)) return known.wanted
    return groupsOf(server, context, at).length
  })
  const budgets = shareOut(max, wanted)
  for (const [i, server] of servers.entries()) {
    const [budget, wants] = [budgets[i] ?? 0, wanted[i] ?? 0]
    // Where the cap bites, one server's checkouts change what the others may show.
    if (!names.has(server.name) && encoded.get(server.name)?.budget === budget) continue
    const fragment = encodeFragment(samplesOf(server, context, at, budget))
    encoded.set(server.name, { ...fragment, budget, wanted: wants, staleAt: endOf(server, at) })
    await breathe()
  }
}

function endOf(server: ServerState, at: Date): number {
  const good = freshReading(server, at)
  return good ? staleAt(good, server) : Number.POSITIVE_INFINITY
}

function* liveSamples(live: Iterable<Sample>, series: number): Generator<Sample> {
  yield sample('license_exporter_series', {}, series)
  for (const one of live) {
    // A family must stand in one part of the text alone.
    if ((metrics[one.metric].labels as readonly string[]).includes('server' satisfies Label)) {
      throw new ExporterError('internal', `${one.metric} belongs to a license server`)
    }
    yield one
  }
}
