import type { Sample } from '../catalogue.ts'
import type { FeatureMap } from '../feature-map.ts'
import type { Names } from '../privacy.ts'
import { freshReading, type ServerState, type State } from '../state.ts'
import {
  type CheckoutGroups,
  checkoutGroups,
  checkoutSamples,
  shareOut,
} from './samples/checkouts.ts'
import { counterSamples } from './samples/counters.ts'
import { featureSamples } from './samples/features.ts'
import { mergedFeatures, vendorSpelling } from './samples/merge.ts'
import { poolSamples } from './samples/pools.ts'
import { serverSamples } from './samples/server.ts'

export interface SampleContext {
  /** Products and costs of the configuration. */
  features: FeatureMap
  /** Series of single checkouts; undefined = off. `max` bounds them over all servers. */
  checkouts: { names: Names; max: number } | undefined
}

/**
 * Every series of one license server, each once. Push and pull both come from here.
 * @param budget how many of the series of single checkouts this server may have
 */
export function* samplesOf(
  server: ServerState,
  context: SampleContext,
  now: Date,
  budget = context.checkouts?.max ?? 0,
): Generator<Sample> {
  const spell = vendorSpelling(server)
  const good = freshReading(server, now)
  const features = good ? mergedFeatures(good.snapshot, spell) : []
  yield* serverSamples(server, good, spell)
  yield* counterSamples(server, good, features, spell)
  if (!good) return
  yield* featureSamples(server, features, context.features)
  yield* poolSamples(server, good.snapshot, spell)
  yield* checkoutSamples(server, groupsOf(server, context, now), budget)
}

/** Every series of every license server. */
export function* samples(state: State, context: SampleContext, now: Date): Generator<Sample> {
  const servers = [...state.servers.values()]
  const budgets = shareOut(
    context.checkouts?.max ?? 0,
    servers.map(server => groupsOf(server, context, now).length),
  )
  for (const [i, server] of servers.entries()) yield* samplesOf(server, context, now, budgets[i])
}

/** What the series of single checkouts of one server would be, uncut; none where they are off. */
export function groupsOf(server: ServerState, context: SampleContext, now: Date): CheckoutGroups {
  const good = context.checkouts && freshReading(server, now)
  if (!context.checkouts || !good) return []
  return checkoutGroups(good.snapshot, context.checkouts.names, vendorSpelling(server))
}
