import { anonymiseWords, type Pseudonym, pseudonyms } from '../anonymise.ts'
import { longestLine, splitLines } from '../lines.ts'
import { anonymiseLogLine } from './anonymise-log.ts'
import { emptyDraft } from './draft.ts'
import { readPage } from './html.ts'
import { licenseKeyword } from './license-file.ts'
import { readNumbers, readProduct } from './pool-lines.ts'
import { isPlainLine } from './status.ts'
import { readUsage, usageHead } from './usage-line.ts'

const anyTime = { now: new Date(0), timeZone: 'UTC' }
const noStart = () => undefined

/**
 * The same facts without anybody's name: users, hosts, paths, isv data, host ids and signatures are
 * replaced; ISVs, products, versions, numbers and times stay.
 */
export function anonymise(text: string, kind: string): string {
  const pseudonym = pseudonyms(text)
  if (kind === 'page') return anonymisePage(text, pseudonym)
  const line =
    kind === 'license_file'
      ? licenseLine(pseudonym)
      : kind === 'status'
        ? (one: string) => statusLine(one, pseudonym)
        : (one: string) => anonymiseLogLine(one, pseudonym)
  return splitLines(text)
    .map(one => (one.length > longestLine ? anonymiseWords(one, pseudonym) : line(one)))
    .join('\n')
}

function statusLine(line: string, pseudonym: Pseudonym): string {
  const trimmed = line.trim()
  const on = /^(.*\bstatus on )(\S+)( \(port .*)$/i.exec(line)
  if (on) return `${on[1]}${anonymiseWords(on[2] ?? '', pseudonym)}${on[3]}`
  const path = /^(\s*(?:Setting license file path to |\S+ \S+ log filename:))(.*)$/i.exec(line)
  if (path) return `${path[1]}${anonymisePath(path[2] ?? '', pseudonym)}`
  const attempted = /^(\s*Connection attempted to host: ")([^"]*)(".*)$/i.exec(line)
  if (attempted) {
    return `${attempted[1]}${anonymiseWords(attempted[2] ?? '', pseudonym)}${attempted[3]}`
  }
  if (isPlainLine(trimmed) || readProduct(trimmed) || readNumbers(trimmed, 'UTC')) return line
  if (readUsage(trimmed, undefined, noStart)) return usageLine(line, pseudonym)
  return anonymiseWords(line, pseudonym)
}

/** The name before the seats, and what the ISV added behind the time. */
function usageLine(line: string, pseudonym: Pseudonym): string {
  const start = line.length - line.trimStart().length
  const head = usageHead.exec(line.trim())?.[0].length ?? 0
  const rest = line.slice(start + head)
  const seats = /\s\d{1,9}(?:\/\d{1,9})?\s{1,4}(?:at\s|queued)/i.exec(rest)?.index ?? rest.length
  const data = rest
    .slice(seats)
    .replace(/\[I:[^\]]*\]/gi, one => `[I:${pseudonym(one.slice(3, -1))}]`)
  return line.slice(0, start + head) + pseudonym(rest.slice(0, seats)) + data
}

/** `5053@lic1:5053@lic2`: ports stay. */
function anonymisePath(path: string, pseudonym: Pseudonym): string {
  return path.replace(/(\d+@)|[\p{L}\p{N}_]+/gu, (word, port) => (port ? word : pseudonym(word)))
}

function licenseLine(pseudonym: Pseudonym): (line: string) => string {
  return line => {
    const word = licenseKeyword.exec(line.trim())?.[1]?.toUpperCase()
    const kept = { LICENSE: 6, FEATURE: 6, UPGRADE: 7, ISV: 2, DAEMON: 2 }[word ?? ''] ?? 0
    if (word === undefined) return anonymiseOptions(line, pseudonym)
    const fields =
      new RegExp(`^\\s*(?:\\S+\\s+){${Math.max(kept - 1, 0)}}\\S+`).exec(line)?.[0] ?? word
    return fields + anonymiseOptions(line.slice(fields.length), pseudonym)
  }
}

/** Dates and what is replaced count; every other value may name somebody. */
function anonymiseOptions(text: string, pseudonym: Pseudonym): string {
  return text.replace(
    /\b(\w+)=("[^"]*"?|\S+)|[\p{L}\p{N}_]+/gu,
    (word, key: string | undefined, value: string | undefined) => {
      if (key === undefined || value === undefined) {
        return /^replace$/i.test(word) ? word : pseudonym(word)
      }
      const told = /^(?:start|issued|replace|share|max_share|hold|soft_limit)$/i.test(key)
      return told ? word : `${key}=${anonymiseWords(value, pseudonym)}`
    },
  )
}

const hostId = /\b(?:ip|hostid|host|user|ether|disksn|internet)=/i
/** What the ISV keeps with a checkout. */
const isvData = /^[\w-]{24,}$/

/** Names as the page's own usage table tells them; a name that is also a product's stays. */
function anonymisePage(html: string, pseudonym: Pseudonym): string {
  const draft = emptyDraft()
  readPage(html, draft, anyTime)
  const products = new Set(draft.pools.map(({ name }) => name))
  for (const { feature } of draft.checkouts) products.add(feature)
  const names = new Set<string>()
  for (const { user, host } of draft.checkouts) {
    for (const name of [user, host]) if (name && !products.has(name)) names.add(name)
  }
  const encoded = new Map([...names].map(name => [escapeHtml(name), name]))
  for (const name of names) encoded.set(name, name)
  return html
    .replace(/(<td[^<>]*>(?:<b>)?)([^<>]*)(?=<)/gi, (whole, before, text) => {
      const cell = text.trim()
      const [space = ''] = /^\s*/.exec(text) ?? []
      const after = text.slice(space.length + cell.length)
      const name = encoded.get(cell)
      if (name !== undefined) return `${before}${space}${escapeHtml(pseudonym(name))}${after}`
      return !products.has(cell) && (hostId.test(cell) || isvData.test(cell))
        ? `${before}${space}${anonymiseMask(cell, pseudonym)}${after}`
        : whole
    })
    .replace(
      /(name=["']?(?:user|host)["']?\s+value=)("[^"]*"|'[^']*'|[^\s>]*)/gi,
      (_, before, value) => `${before}${value.replace(/[^"']+/, pseudonym)}`,
    )
}

function anonymiseMask(text: string, pseudonym: Pseudonym): string {
  return text.replace(/\b(\w+=)|[\p{L}\p{N}_-]+/gu, (word, key) => (key ? word : pseudonym(word)))
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
