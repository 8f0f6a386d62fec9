import { explain, type Failure } from '../shared/api/failure.ts'
import { getAll, getStatus } from '../shared/api/exporter.ts'
import type { Checkout, Status } from '../shared/api/types.ts'
import type { Exporter } from '../shared/settings.ts'
import { type CheckoutRow, checkoutRows } from './checkoutRows.ts'

/** Whose checkouts; the names of the exporter's query keys. */
export interface CheckoutFilter {
  server: string
  vendor?: string
  feature?: string
}

export interface Loaded {
  rows: readonly CheckoutRow[]
  failures: readonly Failure[]
  /** Sentences about what the lists leave out. */
  notes: readonly string[]
  /** Time of the newest reading. */
  at?: Date
  /** Nothing more comes. */
  done: boolean
}

/**
 * The lists of all exporters as one, told while they grow: first as soon as there is a row, then at
 * each doubling, so that all the tellings together cost about two sorts of the whole. An exporter that
 * fails costs its own rows, and a sentence. Nothing is told once `wanted` says false.
 */
export async function loadCheckouts(
  exporters: readonly Exporter[],
  filter: Readonly<CheckoutFilter>,
  tell: (loaded: Loaded) => void,
  wanted: () => boolean
): Promise<void> {
  const rows: CheckoutRow[] = []
  const failures: Failure[] = []
  const notes: string[] = []
  let at: Date | undefined
  let told = 0
  const show = (done: boolean) => {
    if (!wanted() || (!done && (rows.length === 0 || rows.length < told * 2))) return
    told = rows.length
    tell({
      rows: [...rows],
      failures: [...failures],
      notes: [...notes],
      ...(at && { at }),
      done,
    })
  }
  await Promise.all(
    exporters.map(async exporter => {
      try {
        const asked = getStatus(exporter)
        const onPage = async (items: Checkout[], time = new Date()) => {
          // An exporter that is too old must not show a row before that is known.
          await asked
          for (const row of checkoutRows(exporter.name, items, time)) rows.push(row)
          if (at === undefined || time > at) at = time
          show(false)
          return wanted()
        }
        const listing = getAll<Checkout>(exporter, 'checkouts', { ...filter }, onPage)
        const [status, listed] = await Promise.all([asked, listing])
        if (listed.cut) notes.push(`“${exporter.name}” has more checkouts than are shown here.`)
        const hidden = hiddenNames(status, exporter.name)
        if (hidden) notes.push(hidden)
      } catch (error) {
        failures.push(explain(error, exporter.name))
      }
    })
  )
  show(true)
}

function hiddenNames(status: Status, name: string): string | undefined {
  if (status.privacy.live === 'drop')
    return `“${name}” drops the names of users and hosts ([privacy] live = "drop").`
  return status.scopes.includes('users')
    ? undefined
    : `The key of “${name}” lacks the scope users: names are left out.`
}
