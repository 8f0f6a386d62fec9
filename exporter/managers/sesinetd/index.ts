import { z } from 'zod'
import { ExporterError } from '../../errors.ts'
import type { ServerStatus } from '../../model.ts'
import { decode } from '../decode.ts'
import { someLine, splitLines } from '../lines.ts'
import type { LicenseManager, Output, ParseContext, Request } from '../manager.ts'
import { absolutePath, serverShape } from '../server-options.ts'
import { readAddress, sesiAddress } from './address.ts'
import { anonymise } from './anonymise.ts'
import { findAnswer, readJson } from './json.ts'
import { type Draft, emptyDraft, sections, snapshotOf } from './license.ts'
import { logMark, sesinetdLogReader } from './log.ts'
import {
  hserverMark,
  hserverOwn,
  pingMark,
  readHserver,
  readPing,
  readRefusal,
  readText,
  refusalOf,
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
  anonymise,
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

function recognise(text: string): string | undefined {
  const lines = splitLines(text)
  if (answerOf(text, lines) !== undefined) return 'licenses'
  return kindOf(lines) ?? (sidefxMark.test(text) && refusalOf(text) ? 'licenses' : undefined)
}

/** What a text without JSON is, by its first lines. */
function kindOf(lines: readonly string[]): string | undefined {
  const isLog = someLine(lines, logMark)
  if (someLine(lines, pingMark)) return 'ping'
  if (someLine(lines, textMark)) return isLog ? 'log' : 'licenses'
  if (isLog) return 'log'
  return someLine(lines, hserverMark) && someLine(lines, hserverOwn) ? 'hserver' : undefined
}

/** The JSON of the answer, which must be whole. */
function answerOf(text: string, lines: readonly string[]): unknown {
  const hasKey = /"(?:total_tokens|licenses|server)"/.test(text)
  return hasKey ? findAnswer(lines.join('\n')) : undefined
}

function parse(outputs: readonly (Output | undefined)[], context: ParseContext<Server>) {
  const draft = emptyDraft()
  for (const output of outputs) if (output) readOutput(output, draft, context)
  nameMembers(draft, context.server)
  return snapshotOf(draft, statusOf(draft), context.timeZone)
}

function readOutput(output: Output, draft: Draft, context: ParseContext<Server>): void {
  const text = decode(output.stdout)
  const lines = splitLines(text)
  const json = answerOf(text, lines)
  if (json !== undefined) {
    readJson(json, draft, context)
    return
  }
  const kind = kindOf(lines)
  if (kind === 'ping') readPing(lines, draft)
  else if (kind === 'hserver') readHserver(lines, draft)
  // A log that is read as a status tells the table of licenses that the server writes at its start.
  else if (kind === 'licenses' || someLine(lines, textMark)) readText(lines, draft, context)
  else if (!isRefusal(text, output, draft)) throw unreadable(text, kind, output)
}

/** That nothing answers is told by many programs: the text must be SideFX's, or its tool's. */
function isRefusal(text: string, output: Output, draft: Draft): boolean {
  const all = `${text.slice(0, 65_536)}\n${output.stderr}`
  const ours = output.text !== 'auto' && output.exitCode !== undefined
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
