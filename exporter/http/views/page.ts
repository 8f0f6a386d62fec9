import { RouteProblem } from '../problem.ts'
import type { Page } from './query.ts'

/** An item and where it stands: lists are in the order of their keys, so a page can begin anywhere. */
export interface Keyed<Item> {
  key: readonly string[]
  item: Item
  /** Time of the reading it comes from. */
  at?: Date | undefined
}

export interface List<Item> {
  data: Item[]
  next: string | null
  at?: string
}

/**
 * One page of an ordered list. The cursor is the key of the last item shown, so a list that changes
 * between two pages repeats nothing and skips nothing that stayed.
 */
export function paged<Item>(items: Iterable<Keyed<Item>>, { cursor, limit }: Page): List<Item> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor)
  const list: List<Item> = { data: [], next: null }
  let last: readonly string[] = []
  let at: Date | undefined
  for (const one of items) {
    if (after !== undefined && compareKeys(one.key, after) <= 0) continue
    if (list.data.length === limit) {
      list.next = encodeCursor(last)
      break
    }
    list.data.push(one.item)
    last = one.key
    if (one.at && (!at || one.at > at)) at = one.at
  }
  if (at) list.at = at.toISOString()
  return list
}

export function compareKeys(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    if (a[i]! !== b[i]!) return a[i]! < b[i]! ? -1 : 1
  }
  return a.length - b.length
}

export function encodeCursor(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

export function decodeCursor(cursor: string): string[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(key) && key.every(part => typeof part === 'string')) return key
  } catch {
    // not JSON: not ours
  }
  throw new RouteProblem('unknown_cursor')
}

/** Orders what one license server has by its key; servers come by name. */
export function byKey<Item>(items: Keyed<Item>[]): Keyed<Item>[] {
  return items.sort((a, b) => compareKeys(a.key, b.key))
}
