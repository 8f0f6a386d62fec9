import type { Daemon } from '../../model.ts'
import { longestLine, splitLines } from '../lines.ts'
import { memberName, type RlmHost } from './address.ts'
import { type Draft, type DraftPool, daemon, type Section, unparsed } from './draft.ts'
import { readNumbers, readProduct } from './pool-lines.ts'
import { captureTime, type StartTimes, startTimes } from './start-times.ts'
import { readUsage } from './usage-line.ts'

export interface StatusContext {
  now: Date
  timeZone: string
  address: readonly RlmHost[]
  /** The text was kept in a file: its own time tells the year of its starts, if it has one. */
  kept?: boolean
}

const headings = {
  server: /^rlm status on (\S*) ?\(port (\d+)\)/i,
  isv: /^(\S+) ISV server status on (\S*) ?\(port (\d+)\)(?:, (\w+))?/i,
  pool: /^(\S+) license pool status on(?: \S*)?(?: \(port (\d+)\))?/i,
  usage: /^(\S+) license usage status on(?: \S*)?(?: \(port (\d+)\))?/i,
  table: /^-* *ISV servers *:?-*$/i,
} as const
const rule = /^-{5,}$/
/** `teclmd           27101   Yes      2` */
const isvRow = /^(\S+)\s+(-?\d+)\s+(Yes|No)\b(?:\s+(\d{1,9}))?/i
/** `Denials:     1 (0/sec)           1 (0/sec)          1 (0/sec)`: recent, today, in total. */
const statistics =
  /^(Messages|Connections|Checkouts|Denials|Removals)\s*:\s*\d+\s*\([^)]*\)\s*\d+\s*\([^)]*\)\s*(\d{1,15})/i
const softwareVersion = /^\S+ software version (\S+)/i
/** What a block also says. v15 writes `info log filename` where others write `Debug log filename`. */
const noted =
  /^(?:\S+ (?:comm version|platform|(?:debug|info|report) log filename)\b|(?:Startup time|init time)\b|(?:Todays|Recent) Statistics\b|Recent Stats\b|(?:\d+d )?\d+:\d\d:\d\d(?:\s|$)|Name\s+Port\s)/i
const banner = /^(?:Setting license file path to |rlm(?:util|stat)\b|Copyright \(C\)|[$%#>] )/i
const refusal = /^Error connecting to "([^"]*)" server/i
const attempted = /^Connection attempted to host: "([^"]*)" on port (\d+)/i
/** Status values of RLM that mean that no license server answered. */
const unreachable = /\(-(?:10[3-7]|11[1-3]|116|117|131|132|17|20)\)/

/** Text that only rlmutil prints. */
export const rlmstatMark =
  /^\s*(?:rlm(?:util|stat) v\d|rlm status on |\S+ ISV server status on |\S+ license (?:pool|usage) status on |Error connecting to "[^"]*" server)|\bcount: ?\w+, ?# reservations:/i

/** Lines that tell facts and name nobody: what `--anonymise` leaves as it is. */
export function isPlainLine(line: string): boolean {
  return (
    rule.test(line) ||
    headings.table.test(line) ||
    isvRow.test(line) ||
    statistics.test(line) ||
    softwareVersion.test(line) ||
    noted.test(line) ||
    refusal.test(line) ||
    unreachable.test(line) ||
    /^(?:rlm(?:util|stat) v|Copyright \(C\)|No error$)/i.test(line)
  )
}

/** `rlmutil rlmstat -a` of one server, or of several in one license path, read into the draft. */
export function readStatus(text: string, draft: Draft, context: StatusContext): void {
  const reader = new StatusReader(draft, context)
  for (const line of splitLines(text)) reader.read(line)
  reader.end()
}

/** Reads line by line; it lives as long as one text. */
class StatusReader {
  readonly #draft: Draft
  readonly #context: StatusContext
  #startAt: StartTimes
  #dated = false
  #section: Section = 'other'
  /** ISV of the section's heading. */
  #vendor: string | undefined
  #isv: Daemon | undefined
  /** The pool whose numbers may follow. */
  #pool: DraftPool | undefined
  #refused: { name: string; host: string; port: number | undefined; message: string } | undefined

  constructor(draft: Draft, context: StatusContext) {
    this.#draft = draft
    this.#context = context
    this.#startAt = startTimes(context)
  }

  read(raw: string): void {
    const line = raw.length > longestLine ? undefined : raw.trim()
    if (line === '' || (line && (rule.test(line) || this.#understands(line)))) return
    this.#notUnderstood(raw)
  }

  end(): void {
    this.#closeRefusal()
  }

  #understands(line: string): boolean {
    // Most lines of a busy server are checkouts, and no heading looks like one.
    if (this.#section === 'usage' && !this.#refused && this.#checkoutLine(line)) return true
    if (this.#heading(line) || this.#refusalLine(line)) return true
    return this.#section === 'server' || this.#section === 'isv'
      ? this.#blockLine(line)
      : this.#section === 'other'
        ? this.#headlessLine(line)
        : this.#poolLine(line)
  }

  /** A line that is not understood closes the pool: later numbers are not credited to it. */
  #notUnderstood(raw: string): void {
    this.#pool = undefined
    unparsed(this.#draft, this.#section, raw)
  }

  #open(section: Section, vendor?: string): void {
    this.#closeRefusal()
    this.#section = section
    this.#vendor = vendor
    this.#isv = this.#pool = undefined
  }

  #heading(line: string): boolean {
    let match = headings.server.exec(line)
    if (match) {
      this.#open('server')
      const name = memberName(match[1] ?? '', this.#context.address)
      this.#draft.members.push({ name, up: true, port: Number(match[2]) })
      return true
    }
    match = headings.isv.exec(line)
    if (match) {
      this.#open('isv')
      this.#isv = daemon(this.#draft, match[1] ?? '', match[4]?.toLowerCase() !== 'down')
      this.#isv.port ??= Number(match[3])
      return true
    }
    for (const section of ['pool', 'usage'] as const) {
      match = headings[section].exec(line)
      if (!match) continue
      this.#open(section, match[1])
      const isv = daemon(this.#draft, match[1] ?? '', true)
      if (match[2]) isv.port ??= Number(match[2])
      return true
    }
    if (!headings.table.test(line)) return false
    this.#open('server')
    return true
  }

  /** Lines of a server's or an ISV server's own block. */
  #blockLine(line: string): boolean {
    let match = statistics.exec(line)
    if (match) {
      this.#total(match[1] ?? '', Number(match[2]))
      return true
    }
    match = softwareVersion.exec(line)
    if (match) {
      this.#version(match[1] ?? '')
      return true
    }
    if (noted.test(line)) {
      this.#capturedAt(line)
      return true
    }
    match = this.#section === 'server' ? isvRow.exec(line) : null
    if (!match) return false
    const isv = daemon(this.#draft, match[1] ?? '', match[3]?.toLowerCase() === 'yes')
    if (Number(match[2]) > 0) isv.port = Number(match[2])
    if (match[4]) isv.restarts = (isv.restarts ?? 0) + Number(match[4])
    return true
  }

  /** However old a kept text is: its starts are of the year before its own time. */
  #capturedAt(line: string): void {
    const at =
      this.#dated || !this.#context.kept ? undefined : captureTime(line, this.#context.timeZone)
    if (at === undefined) return
    this.#dated = true
    this.#startAt = startTimes({ ...this.#context, now: new Date(at * 1000) })
  }

  #total(row: string, total: number): void {
    if (!this.#isv) return
    if (/^denials$/i.test(row)) this.#isv.denials = (this.#isv.denials ?? 0) + total
    if (/^checkouts$/i.test(row)) this.#isv.checkouts = (this.#isv.checkouts ?? 0) + total
  }

  #version(version: string): void {
    if (this.#isv) {
      this.#isv.version ??= version
      return
    }
    this.#draft.version ??= version
    const member = this.#draft.members.at(-1)
    if (member) member.version ??= version
  }

  #checkoutLine(line: string): boolean {
    const checkout = readUsage(line, this.#vendor, this.#startAt)
    if (checkout) this.#draft.checkouts.push(checkout)
    return checkout !== undefined
  }

  #poolLine(line: string): boolean {
    if (this.#section !== 'usage' && this.#checkoutLine(line)) return true
    const product = readProduct(line)
    if (product) {
      const { name, version, line: number, rest } = product
      this.#pool = { vendor: this.#vendor, name, version, line: number, counting: 'counted' }
      this.#draft.pools.push(this.#pool)
      return rest === '' || this.#numbers(rest)
    }
    return this.#numbers(line)
  }

  #numbers(line: string): boolean {
    if (!this.#pool) return false
    const numbers = readNumbers(line, this.#context.timeZone)
    if (!numbers) return false
    const { bad, ...told } = numbers
    Object.assign(this.#pool, told)
    // What is readable on the line stays; the rest of it is counted.
    if (bad) unparsed(this.#draft, this.#section, line)
    return true
  }

  /** Before the first heading: banners, or a section that lost its heading. */
  #headlessLine(line: string): boolean {
    if (banner.test(line)) return true
    if (unreachable.test(line)) {
      this.#draft.refusals.push(line)
      return true
    }
    return this.#poolLine(line)
  }

  /**
   * `Error connecting to "rlm" server`, then the host that it tried and why. The last line is often
   * `No error`, which is no success.
   */
  #refusalLine(line: string): boolean {
    const match = refusal.exec(line)
    if (match) {
      this.#closeRefusal()
      this.#refused = { name: match[1] ?? '', host: '', port: undefined, message: line }
      return true
    }
    if (!this.#refused || banner.test(line)) return false
    const tried = attempted.exec(line)
    if (tried) {
      this.#refused.host = tried[1] ?? ''
      this.#refused.port = Number(tried[2])
    }
    if (this.#refused.message.length < 1000) this.#refused.message += `; ${line}`
    return true
  }

  /** With the name of an ISV in it, it is that ISV server alone that does not answer. */
  #closeRefusal(): void {
    if (!this.#refused) return
    const { name, host, port, message } = this.#refused
    this.#refused = undefined
    if (name !== '' && name.toLowerCase() !== 'rlm') {
      const isv = daemon(this.#draft, name, false)
      isv.error = message
      // The table of ISV servers calls it running: its own block alone shows that it answers.
      if (isv.version === undefined) isv.up = false
      return
    }
    this.#draft.refusals.push(message)
    const member = memberName(host, this.#context.address)
    if (member === '') return
    this.#draft.members.push({
      name: member,
      up: false,
      error: message,
      ...(port === undefined ? {} : { port }),
    })
  }
}
