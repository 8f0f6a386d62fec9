import type { Checkout } from '../../model.ts'
import { freshReading, type State } from '../../state.ts'
import { byKey, type Keyed } from './page.ts'
import { type Filter, matches } from './query.ts'
import type { CheckoutView } from './schemas.ts'
import { sortedServers } from './servers.ts'

export interface CheckoutOptions {
  now: Date
  /** Names of users, machines and displays may be shown. */
  names: boolean
  user?: string | undefined
}

/** Who holds what now, from memory. A cursor names no one: lines stand by feature and number. */
export function* checkoutItems(
  state: State,
  filter: Filter,
  { now, names, user }: CheckoutOptions,
): Generator<Keyed<CheckoutView>> {
  for (const server of sortedServers(state)) {
    const reading = freshReading(server, now)
    if (!reading) continue
    const items = reading.snapshot.checkouts.map((checkout, index) => ({
      key: [server.name, checkout.vendor, checkout.feature, String(index).padStart(8, '0')],
      item: checkoutView(server, checkout, names),
      at: reading.at,
    }))
    yield* byKey(
      items.filter(
        ({ item }) => matches(filter, item) && (user === undefined || item.user === user),
      ),
    )
  }
}

function checkoutView(
  server: { name: string; manager: string },
  checkout: Checkout,
  names: boolean,
): CheckoutView {
  const { vendor, feature, version, user, host, display, seats, startedAt, state } = checkout
  return {
    server: server.name,
    manager: server.manager,
    vendor,
    feature,
    ...(version !== undefined && { version }),
    seats,
    ...(names && {
      ...(user !== undefined && { user }),
      ...(host !== undefined && { host }),
      ...(display !== undefined && { display }),
    }),
    ...(startedAt !== undefined && { started_at: new Date(startedAt * 1000).toISOString() }),
    state,
    ...(checkout.lingerSeconds !== undefined && { linger_seconds: checkout.lingerSeconds }),
  }
}
