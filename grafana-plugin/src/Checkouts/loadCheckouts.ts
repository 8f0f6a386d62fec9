import { explain, type Failure } from '../shared/api/failure.ts'
import { getAll, getStatus } from '../shared/api/exporter.ts'
import type { Checkout } from '../shared/api/types.ts'
import type { Exporter } from '../shared/settings.ts'
import { type CheckoutRow, checkoutRows } from './checkoutRows.ts'

export interface Loaded {
  rows: CheckoutRow[]
  failures: Failure[]
  /** Sentences about what the lists leave out. */
  notes: string[]
  at?: Date
}

/** The lists of all exporters as one. One that fails costs its own rows, and a sentence. */
export async function loadCheckouts(
  exporters: readonly Exporter[],
  filter: Readonly<Record<string, string>>,
  goOn: () => boolean
): Promise<Loaded> {
  const all: Loaded = { rows: [], failures: [], notes: [] }
  await Promise.all(
    exporters.map(async exporter => {
      try {
        const status = await getStatus(exporter)
        const listed = await getAll<Checkout>(exporter, 'checkouts', { ...filter }, goOn)
        const at = listed.at ?? new Date()
        for (const row of checkoutRows(exporter.name, listed.items, at)) all.rows.push(row)
        if (all.at === undefined || at > all.at) all.at = at
        if (listed.cut) all.notes.push(`“${exporter.name}” has more checkouts than are shown here.`)
        if (status.privacy.live === 'drop') {
          all.notes.push(
            `“${exporter.name}” drops the names of users and hosts ([privacy] live = "drop").`
          )
        } else if (!status.scopes.includes('users')) {
          all.notes.push(`The key of “${exporter.name}” lacks the scope users: names are left out.`)
        }
      } catch (error) {
        all.failures.push(explain(error, exporter.name))
      }
    })
  )
  return all
}
