import { delimiter } from 'node:path'
import { z } from 'zod'
import { ExporterError } from '../../errors.ts'
import type { ServerStatus } from '../../model.ts'
import { decode } from '../decode.ts'
import { someLine, splitLines } from '../lines.ts'
import type { LicenseManager, Output, ParseContext, Request } from '../manager.ts'
import { absolutePath, serverShape } from '../server-options.ts'
import { readAddress, rlmAddress } from './address.ts'
import { anonymise } from './anonymise.ts'
import { type Draft, emptyDraft, sections } from './draft.ts'
import { pageMark, readPage } from './html.ts'
import { licenseFileMark, readLicenseFile } from './license-file.ts'
import { debugLogMark, reportLogMark, rlmLogReader } from './log.ts'
import { snapshotOf } from './snapshot.ts'
import { readStatus, rlmstatMark } from './status.ts'

/** RLM's web server is reported to leak its memory until the license service dies. */
const leastPageInterval = 300

const server = z
  .strictObject({
    ...serverShape,
    manager: z.literal('rlm'),
    address: rlmAddress().optional(),
    tool: absolutePath().optional(),
    license_files: z.array(absolutePath()).default([]),
    /** The ISV whose page `get` asks for. */
    isv: z
      .string()
      .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'write the name of one ISV, as rlmstat prints it')
      .optional(),
  })
  .superRefine((value, context) => {
    if (value.get !== undefined && value.interval < leastPageInterval) {
      context.addIssue({
        code: 'custom',
        path: ['interval'],
        message: `RLM's web server leaks memory with each page: with get write interval = "5m" or more, or use tool and address (rlmutil does not leak)`,
      })
    }
    if (value.isv !== undefined && value.get === undefined) {
      context.addIssue({ code: 'custom', path: ['isv'], message: 'isv belongs to get: remove it' })
    }
  })

type Server = z.output<typeof server>

export const rlm: LicenseManager<Server> = {
  name: 'rlm',
  title: 'RLM (Reprise License Manager)',
  server,
  sections,
  usedByPool: true,
  members: ({ address }) => (readAddress(address ?? '') ?? []).map(({ host }) => host),
  requests,
  parse,
  recognise,
  texts: ['status', 'page', 'license_file', 'debug_log', 'report_log'],
  anonymise,
  logReader: rlmLogReader,
}

function requests(one: Server): Request[] {
  const files = one.license_files.map(
    (read): Request => ({ read, text: 'license_file', beside: true }),
  )
  return [first(one), ...files].filter(request => request !== undefined)
}

function first(one: Server): Request | undefined {
  if (one.read !== undefined) return { read: one.read, text: 'auto' }
  if (one.get !== undefined) {
    const form = one.isv === undefined ? undefined : pageForm(one.isv)
    return { get: one.get, text: 'auto', ...(form ? { form } : {}) }
  }
  if (one.tool === undefined || one.address === undefined) return undefined
  const path = one.address.split(',').join(delimiter)
  return { run: [one.tool, 'rlmstat', '-a', '-c', path], text: 'status' }
}

/** What the page's own "Refresh" button sends. */
function pageForm(isv: string): Record<string, string> {
  return { isv, instance: '0', host: '', wb: 'rlmstat_lic', pool: '0', password: '', ok: 'Refresh' }
}

function recognise(text: string): string | undefined {
  const start = text.slice(0, 262_144)
  if (pageMark.test(start) && /<table|<html|<form/i.test(start)) return 'page'
  const lines = splitLines(start)
  if (someLine(lines, rlmstatMark)) return 'status'
  if (someLine(lines, reportLogMark)) return 'report_log'
  if (someLine(lines, debugLogMark)) return 'debug_log'
  if (someLine(lines, licenseFileMark)) return 'license_file'
  return undefined
}

function parse(outputs: readonly (Output | undefined)[], context: ParseContext<Server>) {
  const draft = emptyDraft()
  let answered = false
  for (const output of outputs) {
    if (!output) continue
    const text = decode(output.stdout)
    const kind = output.text === 'auto' ? recognise(text) : output.text
    if (kind === 'license_file' && (output.text === kind || recognise(text) === kind)) {
      readLicenseFile(text, draft, context)
      continue
    }
    answered = true
    readAnswer(kind, text, output, draft, context)
  }
  return snapshotOf(draft, statusOf(draft, answered))
}

function readAnswer(
  kind: string | undefined,
  text: string,
  output: Output,
  draft: Draft,
  context: ParseContext<Server>,
): void {
  // rlmutil writes its errors to either stream.
  const whole = output.stderr === '' ? text : `${text}\n${output.stderr}`
  const address = readAddress(context.server.address ?? '') ?? []
  if (kind === 'page' && pageMark.test(text)) readPage(text, draft, context)
  else if (kind === 'status' && someLine(splitLines(whole), rlmstatMark)) {
    readStatus(whole, draft, { ...context, address, kept: output.exitCode === undefined })
  } else throw unreadable(kind, text, output)
}

function unreadable(kind: string | undefined, text: string, output: Output): ExporterError {
  const facts = { bytes: output.stdout.length, exit_code: output.exitCode ?? -1 }
  if (text.trim() === '') return new ExporterError('unreadable', 'the answer is empty', facts)
  if (kind === 'debug_log' || kind === 'report_log') {
    return new ExporterError('unreadable', 'this is a log of RLM: name it under logs', facts)
  }
  const code = output.exitCode ? 'exit_code' : 'unreadable'
  return new ExporterError(code, 'this is no output of rlmutil rlmstat -a', facts)
}

function statusOf(draft: Draft, answered: boolean): ServerStatus {
  const version = draft.version === undefined ? {} : { version: draft.version }
  const isvs = [...draft.daemons.values()]
  const serves = draft.members.some(({ up }) => up) || isvs.some(({ error }) => !error)
  if (serves || draft.pools.length > 0 || draft.checkouts.length > 0) {
    return { up: true, ...version }
  }
  const message = draft.refusals[0] ?? isvs[0]?.error
  if (message !== undefined) {
    return { up: false, reason: 'connect', message, ...version }
  }
  // A license file alone, read by hand: nobody asked a server.
  if (!answered && draft.installed.length > 0) return { up: true, assumed: true }
  throw new ExporterError('unreadable', 'the answer ends before the status of the license server')
}
