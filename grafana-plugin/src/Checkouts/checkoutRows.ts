import type { Checkout } from '../shared/api/types.ts'

export interface CheckoutRow extends Checkout {
  exporter: string
  /** Seconds held, by the clock of the exporter; unknown where the license server does not tell. */
  held?: number
}

/** Longest held first; a checkout whose start is unknown stands last. */
export function checkoutRows(
  exporter: string,
  items: readonly Checkout[],
  now: Date
): CheckoutRow[] {
  return items.map(item => {
    const start = item.started_at === undefined ? Number.NaN : Date.parse(item.started_at)
    const held = (now.getTime() - start) / 1000
    return { ...item, exporter, ...(Number.isNaN(held) ? {} : { held: Math.max(0, held) }) }
  })
}

/** Names are shown where one of the rows has one. */
export function namesShown(rows: readonly CheckoutRow[]): boolean {
  return rows.some(row => row.user !== undefined || row.host !== undefined)
}
