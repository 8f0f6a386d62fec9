import { readUrl } from './address.ts'
import { addLicense, type Draft, type License, type LicenseUser, unparsed } from './license.ts'
import { startTime } from './start-time.ts'

type Json = Readonly<Record<string, unknown>>

/** Tries; text in front of the JSON may hold brackets of its own. */
const mostStarts = 8

/**
 * The answer within a tool's text: version 19.5 prints "Retrieving information about installed
 * licenses..." before it. undefined = there is none, or it is cut off.
 */
export function findAnswer(text: string): unknown {
  let from = text.search(/[{[]/)
  for (let tries = 0; from >= 0 && tries < mostStarts; tries++) {
    const to = closing(text, from)
    if (to > 0) {
      try {
        const json: unknown = JSON.parse(text.slice(from, to))
        if (licenseList(json)) return json
      } catch {
        // Not this one: prose with brackets.
      }
    }
    const next = text.slice(from + 1).search(/[{[]/)
    from = next < 0 ? -1 : from + 1 + next
  }
  return undefined
}

/** Where the bracket that opens at `from` is closed, or -1: one pass that knows strings. */
function closing(text: string, from: number): number {
  let depth = 0
  let quoted = false
  for (let index = from; index < text.length; index++) {
    const char = text.charCodeAt(index)
    if (quoted) {
      if (char === 0x5c) index++
      else if (char === 0x22) quoted = false
    } else if (char === 0x22) quoted = true
    else if (char === 0x7b || char === 0x5b) depth++
    else if (char === 0x7d || char === 0x5d) {
      depth--
      if (depth === 0) return index + 1
    }
  }
  return -1
}

/** Licenses of `sesictrl print-license --format json` or of the server's own `cmd_ls`. */
export function licenseList(json: unknown): readonly unknown[] | undefined {
  if (Array.isArray(json))
    return json.some(one => isObject(one) && isLicense(one)) ? json : undefined
  if (!isObject(json)) return undefined
  if (Array.isArray(json.licenses)) return json.licenses
  // cmd_ls can be asked for the server's data alone.
  return isObject(json.server) && 'version' in json.server ? [] : undefined
}

function isLicense(one: Json): boolean {
  return ('product' in one || 'product_id' in one) && 'total_tokens' in one
}

export function readJson(
  json: unknown,
  draft: Draft,
  context: { now: Date; timeZone: string },
): void {
  draft.answered = true
  if (isObject(json)) readServers(json, draft)
  for (const one of licenseList(json) ?? []) {
    const license = isObject(one) ? readLicense(one, draft, context) : undefined
    if (license) addLicense(draft, license)
    else unparsed(draft, 'license', JSON.stringify(one) ?? '')
  }
}

/** The field's value under the first of its spellings that is there. */
function told(one: Json, ...spellings: string[]): unknown {
  for (const name of spellings) if (one[name] !== undefined && one[name] !== null) return one[name]
  return undefined
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : ''
}

function whole(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0
    ? number
    : undefined
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readLicense(
  one: Json,
  draft: Draft,
  context: { now: Date; timeZone: string },
): License | undefined {
  const product = text(told(one, 'product_id', 'product'))
  if (product === '') return undefined
  const license: License = {
    id: text(told(one, 'id', 'license_id')),
    product,
    version: text(told(one, 'version')),
    problems: problems(one),
    users: [],
  }
  // With product_id, `product` is the name for people; else `display` is.
  const display = text(told(one, 'display') ?? (one.product_id === undefined ? '' : one.product))
  if (display !== '' && display !== product) license.display = display
  for (const [field, name] of [
    ['total', 'total_tokens'],
    ['available', 'available'],
  ] as const) {
    const number = whole(one[name])
    if (number !== undefined) license[field] = number
    else unparsed(draft, 'license', `${product}: ${name} ${text(one[name])}`)
  }
  const expires = text(told(one, 'expiry', 'expires', 'expiry_date', 'expiration'))
  if (expires !== '') license.expires = expires
  const users = told(one, 'users')
  for (const user of Array.isArray(users) ? users : []) {
    const read = readUser(user, context)
    if (read) license.users.push(read)
    else unparsed(draft, 'user', JSON.stringify(user) ?? '')
  }
  return license
}

function problems(one: Json): License['problems'] {
  const found: License['problems'] = []
  const error = text(told(one, 'error'))
  if (/expired/i.test(error)) found.push('expired')
  if (one.disabled === true || /^(?:true|1)$/i.test(text(one.disabled))) found.push('disabled')
  // Not servable and not for its date: what else keeps it from being served disables it.
  if (one.servable === false && found.length === 0) found.push('disabled')
  return found
}

/**
 * Versions write `machine` and `time`, or `user` and `checkout`; either names `user@machine`, or
 * the two stand apart.
 */
function readUser(
  user: unknown,
  context: { now: Date; timeZone: string },
): LicenseUser | undefined {
  const one: Json = typeof user === 'string' ? { user } : isObject(user) ? user : {}
  const [userName, userHost] = divide(text(told(one, 'user', 'username', 'name')))
  const machine = text(told(one, 'machine', 'host', 'hostname'))
  const [machineUser, machineHost] = machine.includes('@') ? divide(machine) : ['', machine]
  const name = userName || machineUser
  const host = machineHost || userHost
  if (name === '' && host === '') return undefined
  const startedAt = startTime(told(one, 'time', 'checkout', 'checkout_time'), context)
  return {
    ...(name === '' ? {} : { user: name }),
    ...(host === '' ? {} : { host }),
    seats: whole(told(one, 'count', 'tokens')) || 1,
    ...(startedAt === undefined ? {} : { startedAt }),
  }
}

function divide(name: string): [user: string, host: string] {
  const at = name.lastIndexOf('@')
  return at < 0 ? [name, ''] : [name.slice(0, at).trim(), name.slice(at + 1).trim()]
}

/** `server_list` names the chain in its order; `cmd_ls` describes the one server that answers. */
function readServers(json: Json, draft: Draft): void {
  const server = isObject(json.server) ? json.server : {}
  const version = text(told(server, 'version') ?? told(json, 'version'))
  if (version !== '') draft.version = version
  const errors = Array.isArray(json.errors) ? json.errors.map(text).filter(one => one !== '') : []
  const listed = told(json, 'server_list')
  const names = (Array.isArray(listed) ? listed.map(text) : text(listed).split(/[;,\s]+/)).filter(
    name => name !== '',
  )
  const host = text(server.host)
  if (names.length === 0 && host !== '') names.push(host)
  for (const written of names) {
    const url = readUrl(written) ?? readUrl(`http://${written}`)
    const name = url?.name ?? written
    const error = errors.find(one => mentions(one, name))
    draft.members.push({
      name,
      up: error === undefined,
      ...(version === '' ? {} : { version }),
      ...(url?.port === undefined ? {} : { port: url.port }),
      ...(error === undefined ? {} : { error }),
    })
  }
  for (const error of errors) {
    if (!draft.members.some(member => member.error === error)) unparsed(draft, 'error', error)
  }
}

/** The error names this machine, as a word of its own. */
function mentions(error: string, name: string): boolean {
  const at = error.toLowerCase().indexOf(name.toLowerCase())
  return (
    at >= 0 && !/[\w-]/.test(error[at - 1] ?? '') && !/[\w-]/.test(error[at + name.length] ?? '')
  )
}
