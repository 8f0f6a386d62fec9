import { z } from 'zod'
import { ExporterError } from '../../errors.ts'
import type { ServerStatus } from '../../model.ts'
import { decode } from '../decode.ts'
import { splitLines } from '../lines.ts'
import type { LicenseManager, Output, ParseContext, Request } from '../manager.ts'
import { absolutePath, serverShape } from '../server-options.ts'
import { readAddress, sesiAddress } from './address.ts'
import { findAnswer, readJson } from './json.ts'
import { type Draft, emptyDraft, sections, snapshotOf } from './license.ts'
import { logMark, sesinetdLogReader } from './log.ts'
import {
  hserverMark,
  pingMark,
  readHserver,
  readPing,
  readRefusal,
  readText,
  sidefxMark,
  textMark,
} from './text.ts'

const server = z.strictObject({
  ...serverShape,
  manager: z.literal('sesinetd'),
  address: sesiAddress().optional(),
  tool: absolutePath().optional(),
})

type Server = z.output<typeof server>

export const sesinetd: LicenseManager<Server> = {
  name: 'sesinetd',
  title: 'sesinetd (SideFX)',
  server,
  sections,
  usedByPool: true,
  members: ({ address }) => {
    const host = readAddress(address ?? '')
    return host ? [host.name] : []
  },
  requests,
  parse,
  recognise,
  texts: ['licenses', 'ping', 'hserver', 'log'],
  logReader: sesinetdLogReader,
}

function requests(one: Server): Request[] {
  if (one.read !== undefined) return [{ read: one.read, text: 'auto' }]
  if (one.get !== undefined) return [{ get: one.get, text: 'auto' }]
  const host = readAddress(one.address ?? '')
  if (one.tool === undefined || host === undefined) return []
  const run = [one.tool, 'print-license', '--format', 'json', '--host', host.argument] as const
  return [{ run, text: 'licenses' }]
}

/** Only the beginning is looked at, save for the JSON, which must be whole. */
function recognise(text: string): string | undefined {
  const start = splitLines(text.slice(0, 262_144)).join('\n')
  if (/["']?total_tokens\b|"licenses"|"server"/.test(text) && answerOf(text)) return 'licenses'
  if (pingMark.test(start)) return 'ping'
  if (textMark.test(start)) return logMark.test(start) ? 'log' : 'licenses'
  if (logMark.test(start)) return 'log'
  if (hserverMark.test(start) && /license server|connected to|hserver/i.test(start))
    return 'hserver'
  return undefined
}

function answerOf(text: string): unknown {
  return findAnswer(splitLines(text).join('\n'))
}

function parse(outputs: readonly (Output | undefined)[], context: ParseContext<Server>) {
  const draft = emptyDraft()
  for (const output of outputs) if (output) readOutput(output, draft, context)
  nameMembers(draft, context.server)
  return snapshotOf(draft, statusOf(draft), context.timeZone)
}

function readOutput(output: Output, draft: Draft, context: ParseContext<Server>): void {
  const text = decode(output.stdout)
  const forced = output.text === 'auto' ? undefined : output.text
  const kind = recognise(text) ?? forced
  const json = kind === 'licenses' ? answerOf(text) : undefined
  if (json !== undefined) readJson(json, draft, context)
  else if (kind === 'ping' && pingMark.test(text)) readPing(text, draft)
  else if (kind === 'hserver' && hserverMark.test(text)) readHserver(text, draft)
  // A log that was read as a status tells the table of licenses that the server writes at its start.
  else if (hasList(text)) readText(text, draft, context)
  else if (!isRefusal(text, output, forced !== undefined, draft))
    throw unreadable(text, kind, output)
}

function hasList(text: string): boolean {
  return textMark.test(splitLines(text).join('\n'))
}

/** That nothing answers is told by many programs: the text must be SideFX's, or its tool's. */
function isRefusal(text: string, output: Output, ours: boolean, draft: Draft): boolean {
  const all = `${text}\n${output.stderr}`
  return (ours || sidefxMark.test(all)) && readRefusal(all, draft)
}

function unreadable(text: string, kind: string | undefined, output: Output): ExporterError {
  const facts = { bytes: output.stdout.length, exit_code: output.exitCode ?? -1 }
  if (text.trim() === '' && !output.exitCode) {
    return new ExporterError('unreadable', 'the answer is empty', facts)
  }
  if (kind === 'log') {
    return new ExporterError('unreadable', 'this is a log of sesinetd: name it under logs', facts)
  }
  const code = output.exitCode ? 'exit_code' : 'unreadable'
  return new ExporterError(code, 'this is no whole output of sesictrl print-license', facts)
}

/** Without a list of servers the answer is that of the configured one, which names it. */
function nameMembers(draft: Draft, { address }: Server): void {
  const host = readAddress(address ?? '')
  if (!host) return
  const [only] = draft.members
  if (draft.members.length === 1 && only) only.name = host.name
}

function statusOf(draft: Draft): ServerStatus {
  const version = draft.version === undefined ? {} : { version: draft.version }
  const serving = draft.members.some(({ up }) => up)
  const [message] = draft.refusals
  const refused = message !== undefined && draft.licenses.size === 0 && !serving
  if (refused) return { up: false, reason: 'connect', message, ...version }
  const lost = draft.members.length > 0 && !serving && draft.licenses.size === 0
  if (!lost) return { up: true, ...version }
  const error = draft.members.find(({ error }) => error !== undefined)?.error
  return { up: false, reason: 'down', message: error ?? 'no server answers', ...version }
}
