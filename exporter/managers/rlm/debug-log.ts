import type { LogEntry } from '../../model.ts'
import { denialReason } from './denial.ts'
import type { LogClock } from './log-clock.ts'
import { who } from './usage-line.ts'

const line =
  /^(\d{1,2})\/(\d{1,2})(?:\/(\d{4}))?\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s+\(([^()\s]+)\)\s*(.*)$/
const event = /^(OUT|IN|DENIED|QUEUED?|DEQUEUED?)\s*:\s*(.*)$/i
/** `IN: (client exit) …`, `DENIED: (1) …`, `DENIED: no good …` */
const before = /^(?:\(([^()]*)\)|no good)\s+/i
const subject = /^(\S+)\s+(v?\d\S*)\s+(?:by|to|for)\s+(.*)$/i
const started = /^Server started on\s/i
const stopped = /^Shut(?:ting )?down\b/i

/** `03/14 08:12 (pgraphics) OUT: rapidauthor v25 by maria@ws1`. Lines of (rlm) itself are no events. */
export function readDebugLine(text: string, clock: LogClock): LogEntry | undefined {
  const match = line.exec(text)
  if (!match) return undefined
  const [, month, day, year, hour, minute, second, vendor = '', rest = ''] = match
  const at = clock.at({
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    ...(year ? { year: Number(year) } : {}),
    ...(second ? { second: Number(second) } : {}),
  })
  if (at === undefined || vendor.toLowerCase() === 'rlm') return undefined
  if (started.test(rest)) return { kind: 'start', at, vendor }
  if (stopped.test(rest)) return { kind: 'stop', at, vendor }
  const [, word = '', told = ''] = event.exec(rest) ?? []
  return word === '' ? undefined : entry(word.toUpperCase(), told, at, vendor)
}

function entry(word: string, told: string, at: number, vendor: string): LogEntry | undefined {
  let rest = told
  let seats: number | undefined
  for (let group = before.exec(rest); group; group = before.exec(rest)) {
    if (/^\d{1,9}$/.test(group[1] ?? '')) seats = Number(group[1])
    rest = rest.slice(group[0].length)
  }
  const [, feature = '', , tail = ''] = subject.exec(rest) ?? []
  if (feature === '') return undefined
  let names = tail.trimEnd()
  let words = ''
  for (let from = lastGroup(names); from >= 0; from = lastGroup(names)) {
    const group = names.slice(from + 1, -1)
    const count = /^(\d{1,9}) licenses?$/i.exec(group)
    if (count) seats = Number(count[1])
    else words = `${group} ${words}`
    names = names.slice(0, from).trimEnd()
  }
  const { user, host = '' } = who(names)
  const [machine = '', ...more] = host.split(/\s+/)
  words = `${more.join(' ')} ${words}`
  const at0 = {
    at,
    vendor,
    feature,
    ...(user ? { user } : {}),
    ...(machine ? { host: machine } : {}),
  }
  if (word === 'OUT') return { kind: 'checkout', ...at0, seats: seats ?? 1 }
  if (word === 'IN') return { kind: 'checkin', ...at0, seats: seats ?? 1 }
  const counted = seats === undefined ? {} : { seats }
  if (word !== 'DENIED')
    return { kind: word.startsWith('D') ? 'dequeued' : 'queued', ...at0, ...counted }
  const code = /\((-\d{1,5})\)|(?:^|\s)(-\d{1,5})(?:\s|$)/.exec(words)
  const value = code?.[1] ?? code?.[2]
  return {
    kind: 'denial',
    ...at0,
    reason: denialReason(value, words),
    ...(value ? { code: value } : {}),
    ...counted,
  }
}

/** Where the parentheses open that the text ends with, `(All licenses in use (-22))`; else -1. */
function lastGroup(text: string): number {
  let depth = 0
  for (let index = text.length - 1; index > 0; index--) {
    if (text[index] === ')') depth++
    else if (text[index] === '(') depth--
    if (depth === 0) return index < text.length - 1 ? index : -1
  }
  return -1
}
