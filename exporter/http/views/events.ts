import type { LicenseEvent } from '../../catalogue.ts'
import type { Identity } from '../auth.ts'
import { eventView } from './names.ts'
import { decodeCursor, encodeCursor, type List } from './page.ts'
import { type Filter, matches, type Page } from './query.ts'
import type { EventView } from './schemas.ts'

export type EventFilter = Filter & { event?: string | undefined }

export function isWanted(event: LicenseEvent, filter: EventFilter): boolean {
  return (filter.event === undefined || event.event === filter.event) && matches(filter, event)
}

/** Newest first. The cursor is the last event shown; once that is forgotten so are all before it. */
export function eventList(
  recent: readonly LicenseEvent[],
  { cursor, limit, ...filter }: EventFilter & Page,
  identity: Identity,
): List<EventView> {
  const [after] = cursor === undefined ? [] : decodeCursor(cursor)
  const from = after === undefined ? recent.length : recent.findLastIndex(({ id }) => id === after)
  const list: List<EventView> = { data: [], next: null }
  let last: LicenseEvent | undefined
  for (let i = from - 1; i >= 0; i--) {
    const event = recent[i]!
    if (!isWanted(event, filter)) continue
    if (list.data.length === limit) {
      list.next = encodeCursor([last!.id])
      break
    }
    list.data.push(eventView(event, identity))
    last = event
    list.at ??= event.timestamp
  }
  return list
}
