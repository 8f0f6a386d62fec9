import { isDevice } from '../anonymise.ts'

/** Who holds a seat, as far as the text before ` (v…)` tells. */
export interface Holder {
  user: string
  host?: string
  display?: string
}

/**
 * `user host display` of a checkout line. Users ("John Doe") and encrypted displays
 * (`"U,K$`Ct`0'"C iQwg`) contain blanks and tokens may follow the display, so that more than three
 * words cannot always be split for certain; then the first of these that fits decides:
 * - quotes: `"Ann Lee" pc01 pc01:0.0`
 * - host and display are one machine: `Ann Lee LAPTOP-1 laptop-1`, `ann pc01 pc01:0.0`
 * - the display is a device: `Ann Lee pc01 /dev/pts/3`
 * - a machine that another line of the text names for certain
 * - the first word that looks like a machine: a letter, and a digit or an inner `-`, `_`, `.`
 * - the word before the last one
 */
export function holder(head: string, machines?: ReadonlySet<string>): Holder {
  const quoted = quotedUser.exec(head)
  if (quoted) {
    const [, user = '', host = '', display] = quoted
    return display === undefined ? { user, host } : { user, host, display }
  }
  const words = wordsOf(head)
  const [first, second, third] = words
  if (first === undefined) return { user: '' }
  if (second === undefined) return { user: first.text }
  if (third === undefined) {
    // `tia4108 /dev/pts/1`: no machine is called so.
    if (isDevice(second.text)) return { user: first.text, display: second.text }
    return { user: first.text, host: second.text }
  }
  const at = words.length === 3 && !isDevice(second.text) ? 1 : hostAt(words, machines)
  const host = words[at]
  const display = words[at + 1]
  if (!host) return { user: head }
  const user = head.slice(0, words[at - 1]?.end)
  if (!display) return { user, host: host.text }
  return { user, host: host.text, display: head.slice(display.start) }
}

/** Three plain words, as on thousands of lines; undefined = `holder` must look closer. */
export function plainHolder(head: string): Required<Holder> | undefined {
  if (head.charCodeAt(0) === quote) return undefined
  const one = head.indexOf(' ')
  const two = one < 0 ? -1 : head.indexOf(' ', one + 1)
  if (two <= one + 1 || head.indexOf(' ', two + 1) >= 0) return undefined
  // `/dev/…` or `:0` as the second word.
  const second = head.charCodeAt(one + 1)
  if (second === slash || second === colon) return undefined
  return { user: head.slice(0, one), host: head.slice(one + 1, two), display: head.slice(two + 1) }
}

/** More than three words: the split needs evidence from other lines. */
export function isUncertain(head: string): boolean {
  let blanks = 0
  for (let i = head.indexOf(' '); i >= 0; i = head.indexOf(' ', i + 1)) {
    if (++blanks > 2) return true
  }
  return false
}

/** `"Ann Lee" pc01 pc01:0.0` */
const quotedUser = /^"([^"]+)" +([^\s"]+)(?: +(\S.*))?$/
const quote = 34
const slash = 47
const colon = 58

interface Word {
  text: string
  start: number
  end: number
}

const mostWords = 64

function wordsOf(head: string): Word[] {
  const words: Word[] = []
  let start = 0
  while (start < head.length && words.length < mostWords) {
    const blank = head.indexOf(' ', start)
    const end = blank < 0 ? head.length : blank
    if (end > start) words.push({ text: head.slice(start, end), start, end })
    start = end + 1
  }
  return words
}

function hostAt(words: readonly Word[], machines: ReadonlySet<string> | undefined): number {
  const last = words.length - 1
  for (let i = 1; i < last; i++) {
    if (oneMachine(words[i]!.text, words[i + 1]!.text)) return i
  }
  for (let i = 2; i <= last; i++) {
    if (isDevice(words[i]!.text)) return i - 1
  }
  for (let i = 1; i < last; i++) {
    if (machines?.has(words[i]!.text.toLowerCase())) return i
  }
  for (let i = 1; i < last; i++) {
    if (looksLikeMachine(words[i]!.text)) return i
  }
  return last - 1
}

/** `server034` and the display `server0340` or `SERVER034:0.0`. */
function oneMachine(host: string, display: string): boolean {
  return host.length > 1 && display.toLowerCase().startsWith(host.toLowerCase())
}

function looksLikeMachine(word: string): boolean {
  return (
    word.length >= 3 && /^[\w.-]+$/.test(word) && /[A-Za-z]/.test(word) && /\d|\w[-_.]\w/.test(word)
  )
}
