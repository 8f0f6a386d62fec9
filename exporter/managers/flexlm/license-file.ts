import type { UnparsedLine } from '../../model.ts'
import { type Section, unparsedLines } from './draft.ts'
import { eachLine } from './lines.ts'

/** A license file as the vendor writes it, statement by statement. */
export interface LicenseFile {
  servers: { host: string; hostid: string; port?: number }[]
  daemons: { name: string; port?: number; path?: string }[]
  useServer: boolean
  lines: LicenseLine[]
  packages: Package[]
  unparsed: UnparsedLine[]
}

/** FEATURE or INCREMENT. */
export interface LicenseLine {
  keyword: 'FEATURE' | 'INCREMENT'
  feature: string
  vendor: string
  version: string
  expiry: string
  /** undefined = uncounted. */
  seats: number | undefined
  /** A client's machine that it is locked to; `ANY` is everybody's. */
  hostid?: string
  issued?: string
  start?: string
  /** Names whose older lines this one replaces. */
  supersedes?: string[]
  /** `SUPERSEDE_SIGN`: the very lines that this one replaces, feature and start of its signature. */
  supersedesSigned?: { feature: string; sign: string }[]
  sign?: string
  /** Tells two copies of one line from two lines. */
  text: string
}

/** Other features that come with a feature of this name. */
export interface Package {
  name: string
  vendor: string
  version: string
  suite: boolean
  components: { name: string; version?: string; count: number }[]
}

const longestStatement = 262_144
const keyword =
  /^(?:SERVER|VENDOR|DAEMON|USE_SERVER|FEATURE|INCREMENT|UPGRADE|PACKAGE|FEATURESET|HEARTBEAT_INTERVAL|PRIMARY_IS_MASTER)(?=\s|$)/i

export function readLicenseFile(text: string): LicenseFile {
  const file: LicenseFile = {
    servers: [],
    daemons: [],
    useServer: false,
    lines: [],
    packages: [],
    unparsed: [],
  }
  const count = unparsedLines(file.unparsed)
  const section: Section = 'license_file'
  for (const statement of statements(text)) {
    if (!takeStatement(file, statement)) count(section, statement)
  }
  return file
}

/** Before version 6: signature, vendor string and machine stood in this order without names. */
const oldHostid = /^\s+[\dA-F]{12,20}\s+"[^"]*"\s+(ANY|DEMO|[\dA-F]{6,16})(?=\s|$)/i

/** Lines joined where one ends in a backslash; comments are none, wherever they stand. */
function statements(text: string): string[] {
  const found: string[] = []
  let parts: string[] = []
  let length = 0
  let quotes = 0
  const end = () => {
    if (parts.length > 0) found.push(parts.join(' '))
    parts = []
    length = 0
    quotes = 0
  }
  eachLine(text, line => {
    const trimmed = withoutComment(line.trim(), quotes % 2 === 1)
    if (trimmed === '' || trimmed.startsWith('#')) return
    // A backslash that promised more than the file holds.
    if (parts.length > 0 && keyword.test(trimmed)) end()
    const goesOn = trimmed.endsWith('\\')
    length += trimmed.length
    quotes += quotesIn(trimmed)
    if (length <= longestStatement) parts.push(goesOn ? trimmed.slice(0, -1).trimEnd() : trimmed)
    if (!goesOn) end()
  })
  end()
  return found
}

/** ` # …` behind a value, or behind the backslash of a line that goes on; not inside quotes. */
function withoutComment(trimmed: string, quoted: boolean): string {
  const at = trimmed.search(/\s#\s/)
  if (at < 0) return trimmed
  const kept = trimmed.slice(0, at).trimEnd()
  const inside = (quotesIn(kept) % 2 === 1) !== quoted
  return inside && !kept.endsWith('\\') ? trimmed : kept
}

function quotesIn(text: string): number {
  let count = 0
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) count++
  return count
}

function takeStatement(file: LicenseFile, statement: string): boolean {
  const words = statement.slice(0, 4096).split(/\s+/)
  const word = (words[0] ?? '').toUpperCase()
  switch (word) {
    case 'SERVER': {
      const [, host = '', hostid = '', port = ''] = words.map(unquoted)
      if (host === '') return false
      const number = Number(port)
      file.servers.push({ host, hostid, ...(number > 0 && { port: number }) })
      return true
    }
    case 'VENDOR':
    case 'DAEMON':
      return takeDaemon(file, statement, words)
    case 'USE_SERVER':
      file.useServer = true
      return true
    case 'FEATURE':
    case 'INCREMENT':
      return takeFeature(file, statement, word)
    case 'PACKAGE':
      return takePackage(file, statement, words)
    // An UPGRADE moves seats to a newer version and adds none.
    case 'UPGRADE':
    case 'FEATURESET':
    case 'HEARTBEAT_INTERVAL':
    case 'PRIMARY_IS_MASTER':
      return true
  }
  return false
}

function takeDaemon(file: LicenseFile, statement: string, words: string[]): boolean {
  const name = unquoted(words[1] ?? '')
  if (name === '') return false
  const port = /\bport=(\d{1,5})\b/i.exec(statement)
  const path = words[2] !== undefined && !words[2].includes('=') ? unquoted(words[2]) : ''
  file.daemons.push({
    name,
    ...(path !== '' && { path }),
    ...(port && { port: Number(port[1]) }),
  })
  return true
}

function takeFeature(file: LicenseFile, statement: string, word: 'FEATURE' | 'INCREMENT'): boolean {
  const fields =
    /^\S+\s+(\S+)\s+(\S+)\s+v?(\.?\d[\w.]*)\s+(\S+)\s+(\d{1,10}|uncounted)(?=\s|$)(.*)$/is.exec(
      statement,
    )
  if (!fields) return false
  const [, feature = '', vendor = '', version = '', expiry = '', count = '', rest = ''] = fields
  const options = attributes(rest)
  // "0" is how a file says uncounted.
  const seats = Number(count) > 0 ? Number(count) : undefined
  const line: LicenseLine = {
    keyword: word,
    feature,
    vendor,
    version,
    expiry,
    seats,
    text: statement.replace(/\s+/g, ' '),
  }
  const hostid = options.get('HOSTID') ?? oldHostid.exec(rest)?.[1]
  const issued = options.get('ISSUED')
  const start = options.get('START') ?? /(?:^|\s)start:(\S+)/i.exec(rest)?.[1]
  const sign = options.get('SIGN')
  if (hostid !== undefined) line.hostid = hostid
  if (issued !== undefined) line.issued = issued
  if (start !== undefined) line.start = start
  if (sign !== undefined) line.sign = sign.replace(/\s+/g, '').toUpperCase()
  const supersede = options.get('SUPERSEDE')
  if (supersede !== undefined) {
    const names = supersede.split(/\s+/).filter(name => name !== '')
    line.supersedes = names.length > 0 ? names : [feature]
  }
  const signed = options.get('SUPERSEDE_SIGN')
  if (signed !== undefined) {
    line.supersedesSigned = [...signed.matchAll(/"([^":]+):([^"]+)"/g)].map(match => ({
      feature: match[1] ?? '',
      sign: (match[2] ?? '').replace(/\s+/g, '').toUpperCase(),
    }))
  }
  file.lines.push(line)
  return true
}

function takePackage(file: LicenseFile, statement: string, words: string[]): boolean {
  const [, name, vendor, version = ''] = words
  if (name === undefined || vendor === undefined) return false
  const options = attributes(statement)
  const components = (options.get('COMPONENTS') ?? '')
    .split(/\s+/)
    .filter(component => /^\w/.test(component))
    .map(component => {
      const [own = '', ownVersion = '', count = ''] = component.split(':')
      return {
        name: own,
        ...(ownVersion !== '' && { version: ownVersion.replace(/^v/i, '') }),
        count: Number(count) > 0 ? Number(count) : 1,
      }
    })
  file.packages.push({
    name,
    vendor,
    version: version.replace(/^v/i, ''),
    suite: /\bSUITE\b/.test(options.get('OPTIONS') ?? ''),
    components,
  })
  return true
}

/** `KEY=value`, `KEY="some words"`, `KEY={ … }`, `KEY`. */
function attributes(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const match of text.matchAll(
    /([A-Za-z_]+)(?:=("[^"]*"?|\{[^}]*\}?|\S*))?(?=\s|$)|"[^"]*"?|\S+/g,
  )) {
    const [, key, value = ''] = match
    if (key !== undefined) found.set(key.toUpperCase(), unquoted(value).trim())
  }
  return found
}

function unquoted(text: string): string {
  return text.replace(/^"/, '').replace(/"$/, '')
}
