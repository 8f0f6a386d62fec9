/** Numbers as people read them; always with the word, never by colour alone. */

const MINUTE = 60
const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** `3 days`, `5 hours`, `under a minute`; the sign is the caller's. */
export function duration(seconds: number): string {
  const s = Math.abs(seconds)
  if (s < MINUTE) return 'under a minute'
  if (s < HOUR) return count(Math.floor(s / MINUTE), 'minute')
  if (s < 2 * DAY) return count(Math.floor(s / HOUR), 'hour')
  return count(Math.floor(s / DAY), 'day')
}

/** `in 3 days`, `2 hours ago`. */
export function fromNow(seconds: number): string {
  return seconds >= 0 ? `in ${duration(seconds)}` : `${duration(seconds)} ago`
}

export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${number(n)} ${n === 1 ? noun : plural}`
}

export function number(n: number): string {
  const text = n.toLocaleString('en-US', { maximumFractionDigits: 1 })
  return text === '-0' ? '0' : text
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

/** `2026-12-04`, in UTC: the last day of a license does not depend on who looks. */
export function day(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'unknown' : date.toISOString().slice(0, 10)
}

export function minute(date: Date): string {
  return Number.isNaN(date.getTime())
    ? 'unknown'
    : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** Why a license server is not known to be up: the closed set of the exporter. */
const reasons: Readonly<Record<string, string>> = {
  down: 'it answers that it is down',
  connect: 'the connection is refused',
  quorum: 'too few of its three machines are up',
  timeout: 'it did not answer in time',
  fetch: 'its address gave no answer',
  tool_missing: "the vendor's command is not installed beside the exporter",
  unreadable: "the vendor's answer is not understood",
  stale_input: 'the file it is read from is too old',
  output_limit: 'its answer is larger than the limit',
  exit_code: "the vendor's command failed",
}

export function reasonWords(reason: string): string {
  return reasons[reason] ?? reason
}

export const managerWords: Readonly<Record<string, string>> = {
  flexlm: 'FlexLM',
  rlm: 'RLM',
  sesinetd: 'sesinetd',
}
