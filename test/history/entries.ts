import type { LogEntry } from '../../exporter/model.ts'

export const monday = Date.UTC(2026, 0, 5) / 1000

export const out = (at: number, user: string, seats = 1, feature = 'ACAD'): LogEntry => ({
  kind: 'checkout',
  at: monday + at,
  vendor: 'adskflex',
  feature,
  user,
  seats,
})
export const back = (at: number, user: string, seats = 1, feature = 'ACAD'): LogEntry => ({
  kind: 'checkin',
  at: monday + at,
  vendor: 'adskflex',
  feature,
  user,
  seats,
})
export const life = (kind: 'start' | 'stop', at: number): LogEntry => ({
  kind,
  at: monday + at,
  vendor: 'ADSKFLEX',
})

export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

export function randomLog(seed: number, entries: number, spread: number): LogEntry[] {
  const next = random(seed)
  const pick = <T>(list: readonly T[]) => list[Math.floor(next() * list.length)] as T
  let at = Math.floor(next() * 86_400)
  return Array.from({ length: entries }, () => {
    at += Math.floor(next() * spread)
    const kind = next()
    const user = pick(['ann', 'bob', 'cyd', 'dan'])
    const feature = pick(['ACAD', 'MAYA'])
    if (kind < 0.01) return life('start', at)
    if (kind < 0.08) {
      return {
        kind: 'denial',
        at: monday + at,
        vendor: 'adskflex',
        feature,
        user,
        reason: 'no_seats',
      }
    }
    return kind < 0.55
      ? out(at, user, 1 + Math.floor(next() * 3), feature)
      : back(at, user, 1 + Math.floor(next() * 3), feature)
  })
}
