import { anonymiseWords, type Pseudonym, pseudonyms } from '../anonymise.ts'
import { longestLine, splitLines } from '../lines.ts'
import { findAnswer } from './json.ts'

/** Keys whose values name a user, a machine, a network or a signature. */
const named =
  /^(?:users?|username|name|machine|host|hostname|server_list|servers|resolved_server|ip_?mask|ip_address|ipv[46]|[rw]_ip_mask|signature)$/i
const plainLine =
  /^(?:-{2,} *SERVER\b|sesinetd: *Version|Lic(?:ense)? +[0-9a-f]{6,}:|[0-9a-f]{6,16}: +|\d+ +licenses? +(?:free|available)|Total time|Connect time|Retrieving information|(?:HServer|Server Version)[^:]*:|Usage:|QueueStats:|Threads:|Max Wait:|Avg Wait:)/i
const message = /\b(?:pinged|ping|connect|refused|timed out|reach|error|unable|failed|could not)\b/i

/**
 * The same facts without anybody's name: users, machines, addresses and signatures are replaced;
 * products, license ids, numbers and times stay.
 */
export function anonymise(text: string, _kind: string): string {
  const pseudonym = pseudonyms(text)
  const answer = findAnswer(splitLines(text).join('\n'))
  if (answer !== undefined) {
    const known = new Set<string>()
    collect(answer, '', known)
    return `${JSON.stringify(replaced(answer, '', pseudonym, known), null, 4)}\n`
  }
  return splitLines(text)
    .map(line =>
      line.length > longestLine ? anonymiseWords(line, pseudonym) : anonymiseLine(line, pseudonym),
    )
    .join('\n')
}

/** Words of names, to find them again in error texts. */
function collect(value: unknown, key: string, known: Set<string>): void {
  if (typeof value === 'string') {
    if (named.test(key)) for (const word of value.match(/[\p{L}\p{N}_]+/gu) ?? []) known.add(word)
  } else if (Array.isArray(value)) for (const one of value) collect(one, key, known)
  else if (typeof value === 'object' && value !== null) {
    for (const [name, one] of Object.entries(value)) collect(one, name, known)
  }
}

function replaced(value: unknown, key: string, pseudonym: Pseudonym, known: Set<string>): unknown {
  if (typeof value === 'string') {
    if (named.test(key)) return anonymiseHost(value, pseudonym)
    if (!/^errors?$/.test(key)) return value
    return value.replace(/[\p{L}\p{N}_]+/gu, word => (known.has(word) ? pseudonym(word) : word))
  }
  if (Array.isArray(value)) return value.map(one => replaced(one, key, pseudonym, known))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, replaced(one, name, pseudonym, known)]),
  )
}

/** Scheme and port stay, so that the address is read as before. */
function anonymiseHost(text: string, pseudonym: Pseudonym): string {
  return text.replace(/https?:\/\/|:\d{1,5}(?=[/;,\s']|$)|[\p{L}\p{N}_]+/gu, word =>
    word.startsWith(':') || word.includes('://') ? word : pseudonym(word),
  )
}

function anonymiseLine(line: string, pseudonym: Pseudonym): string {
  const target = /^(.*\bPinging: *')([^']*)('.*)$/i.exec(line)
  if (target) return `${target[1]}${anonymiseHost(target[2] ?? '', pseudonym)}${target[3]}`
  const field = /^(\s*(?:License Server|Connected To) ?: ?)(.*)$/i.exec(line)
  if (field) return `${field[1]}${anonymiseHost(field[2] ?? '', pseudonym)}`
  const note =
    /^(\s*(?:SERVER (?!Version\b)|(?:IP Address|Read ?Mask|Write ?Mask|Enabled \w+|Uptime) *:))(.*)$/i.exec(
      line,
    )
  if (note) return `${note[1]}${anonymiseWords(note[2] ?? '', pseudonym)}`
  const rule = /^(\s*-{2,} *SERVER +)(\S+)(.*)$/i.exec(line)
  if (rule) return `${rule[1]}${anonymiseWords(rule[2] ?? '', pseudonym)}${rule[3]}`
  const user = /^(\s*(?:\d+: *)?)([^@\s][^@]*)@(\S+)(\s.*)?$/.exec(line)
  if (user) {
    const [, before = '', name = '', host = '', behind = ''] = user
    return `${before}${pseudonym(name)}@${anonymiseWords(host, pseudonym)}${behind}`
  }
  const entry = /^(.*\bsesinetd(?:\[\d+\])?:\s*)(.*)$/i.exec(line)
  const told = (entry ? (entry[2] ?? '') : line).trim()
  if (told === '' || plainLine.test(told) || plainLine.test(line.trim()))
    return anonymiseMasks(line, pseudonym)
  if (message.test(told)) {
    return line.replace(
      /\b[\p{L}\p{N}_-]{1,63}(?:\.[\p{L}\p{N}_-]{1,63}){1,9}|\b[\w-]{1,63}(?=:\d{2,5}\b)/gu,
      pseudonym,
    )
  }
  return (entry?.[1] ?? '') + anonymiseWords(entry ? (entry[2] ?? '') : line, pseudonym)
}

/** `10.1.2.3`, `+.+.*.*`, `192.168.*.*` behind a license. */
function anonymiseMasks(line: string, pseudonym: Pseudonym): string {
  return line.replace(/\b\d{1,3}(?:\.(?:\d{1,3}|[*+])){3}/g, pseudonym)
}
