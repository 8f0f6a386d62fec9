import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { why } from '../config/secret-file.ts'
import { ExporterError } from '../errors.ts'
import { decode } from '../managers/decode.ts'
import { managers } from '../managers/index.ts'
import type { LicenseManager } from '../managers/manager.ts'
import type { LogEntry } from '../model.ts'
import { options, quote, usage } from './options.ts'
import { logText, snapshotText, summarise } from './parse-view.ts'
import { print } from './print.ts'

const known: Readonly<Record<string, LicenseManager>> = managers

/** Shows what is understood of one text; sends and stores nothing. */
export async function parse(args: string[]): Promise<number> {
  const { values, positionals } = options(
    args,
    {
      manager: { type: 'string', short: 'm' },
      format: { type: 'string', default: 'text' },
      timezone: { type: 'string' },
      now: { type: 'string' },
      as: { type: 'string' },
      anonymise: { type: 'boolean' },
    },
    1,
  )
  if (values.format !== 'text' && values.format !== 'json') {
    throw usage(`--format ${quote(values.format)} is not known; write text or json`)
  }
  const now = time(values.now)
  const timeZone = zoneName(values.timezone)
  const choice = values.manager === undefined ? undefined : byName(values.manager)
  const [file] = positionals
  if (file === undefined) throw usage('parse needs a FILE, or - for what is piped into it')
  const bytes = await read(file)
  const content = decode(bytes)
  const { manager, text } = recognise(content, file, choice, values.as)
  if (values.anonymise) {
    if (!manager.anonymise) throw usage(`${manager.title}: --anonymise is not offered for it`)
    await print(manager.anonymise(content, text))
    return 0
  }
  const json = values.format === 'json'
  if (isLog(text)) {
    const { entries, lines } = readLog(manager, text, content, now, timeZone)
    const summary = summarise(entries, lines)
    const all = { manager: manager.name, text, entries, summary }
    await print(json ? jsonText(all) : logText(manager.name, text, summary))
    return 0
  }
  const server = manager.server.parse({
    name: 'parse',
    manager: manager.name,
    read: resolve(file === '-' ? 'stdin' : file),
  })
  const output = { text, stdout: bytes, stderr: '', exitCode: undefined, at: now }
  const snapshot = manager.parse([output], { now, timeZone, server })
  const all = { manager: manager.name, text, snapshot }
  await print(json ? jsonText(all) : snapshotText(manager.name, text, snapshot))
  return 0
}

const jsonText = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

/** Texts that are logs are named so by their managers: `debug_log`, `report_log`. */
const isLog = (text: string) => /log/.test(text)

function readLog(
  manager: LicenseManager,
  text: string,
  content: string,
  now: Date,
  timeZone: string,
): { entries: LogEntry[]; lines: number } {
  const reader = manager.logReader?.({ now, timeZone })
  if (!reader) {
    throw new ExporterError(
      'unreadable',
      `this is a ${text} and logs of ${manager.title} are not read`,
    )
  }
  const lines = content.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  const entries = lines.map(line => reader.read(line)).filter(entry => entry !== undefined)
  return { entries: [...entries, ...(reader.end?.() ?? [])], lines: lines.length }
}

function byName(name: string): LicenseManager {
  const found = Object.hasOwn(known, name) ? known[name] : undefined
  if (found) return found
  throw usage(`${quote(name)} is no license manager; known: ${Object.keys(known).join(', ')}`)
}

function recognise(
  content: string,
  file: string,
  choice: LicenseManager | undefined,
  as: string | undefined,
): { manager: LicenseManager; text: string } {
  const candidates = choice ? [choice] : Object.values(known)
  if (as !== undefined) {
    const manager = candidates.find(({ texts }) => texts.includes(as))
    if (manager) return { manager, text: as }
    const texts = candidates.map(one => `${one.name}: ${one.texts.join(', ')}`).join('; ')
    throw usage(`--as ${quote(as)} is not known; ${texts}`)
  }
  for (const manager of candidates) {
    const text = manager.recognise(content)
    if (text !== undefined) return { manager, text }
  }
  const who = choice ? choice.title : 'any license manager that is known here'
  const mend = choice
    ? `--as ${choice.texts.join(' or --as ')} forces a reading`
    : `--manager ${Object.keys(known).join(' or ')} with --as TEXT forces a reading`
  const what = content.trim() === '' ? 'is empty' : `is no text of ${who}`
  throw new ExporterError('unreadable', `${name(file)} ${what}; ${mend}`)
}

const name = (file: string) => (file === '-' ? 'the input' : file)

async function read(file: string): Promise<Uint8Array> {
  try {
    return await whole(file === '-' ? process.stdin : createReadStream(file), name(file))
  } catch (error) {
    if (error instanceof ExporterError) throw error
    throw new ExporterError('unreadable', `${name(file)} ${why(error)}`, {}, { cause: error })
  }
}

/** A device has no end, and a string of 512 MB is none. */
const mostBytes = 256_000_000

async function whole(stream: Readable, what: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of stream as AsyncIterable<Uint8Array>) {
    parts.push(part)
    length += part.length
    if (length > mostBytes) {
      const mend = 'give a part of it; a log of any size is read by report'
      throw new ExporterError('unreadable', `${what} is longer than 256 MB; ${mend}`, { length })
    }
  }
  return Buffer.concat(parts)
}

function time(text: string | undefined): Date {
  if (text === undefined) return new Date()
  const date = new Date(/^\d{9,}$/.test(text) ? Number(text) * 1000 : text)
  if (!Number.isNaN(date.getTime())) return date
  throw usage(`--now ${quote(text)} is no time; write it as 2026-11-22T10:00:00Z`)
}

function zoneName(text: string | undefined): string {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  if (text === undefined) return own
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
  } catch {
    throw usage(`--timezone ${quote(text)} is not known; write an IANA name such as Europe/Berlin`)
  }
}
