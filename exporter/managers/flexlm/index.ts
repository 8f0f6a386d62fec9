import { ExporterError } from '../../errors.ts'
import type { Snapshot } from '../../model.ts'
import { decode } from '../decode.ts'
import type { LicenseManager, Output, ParseContext, Request } from '../manager.ts'
import { parseAddress } from './address.ts'
import { anonymise } from './anonymise.ts'
import { type Draft, emptyDraft, sections } from './draft.ts'
import { fileLines, withoutHistory } from './installed.ts'
import { type LicenseFile, readLicenseFile } from './license-file.ts'
import { logReader } from './log.ts'
import { merge } from './merge.ts'
import { recognise, texts } from './recognise.ts'
import { type FlexlmServer, server } from './server.ts'
import { serverState } from './server-state.ts'
import { readStatus } from './status.ts'

/** FlexLM, FLEXnet, FlexNet Publisher: `lmutil lmstat`, license files, debug logs. */
export const flexlm: LicenseManager<FlexlmServer> = {
  name: 'flexlm',
  title: 'FlexLM (FlexNet Publisher)',
  server,
  sections,
  usedByPool: false,
  reservationLines: true,
  members: table => machines(table).map(machine => machine.host),
  requests,
  parse,
  recognise,
  texts,
  anonymise,
  logReader,
}

function machines({ address }: { address?: string | undefined }) {
  const parsed = address === undefined ? [] : parseAddress(address)
  return typeof parsed === 'string' ? [] : parsed
}

/** One run: some daemons answer `-i` only together with `-a`, and the tool asks the server once. */
function requests({ tool, address, read, get, license_files = [] }: FlexlmServer): Request[] {
  const beside = license_files.map(
    (path): Request => ({ read: path, text: 'license_file', beside: true }),
  )
  if (read !== undefined) return [{ read, text: 'auto' }, ...beside]
  if (get !== undefined) return [{ get, text: 'auto' }, ...beside]
  // A site may have only the link `lmstat`, which lmutil takes its command from.
  const command = /(?:^|[\\/])lmstat(?:\.exe)?$/i.test(tool ?? '') ? [] : ['lmstat']
  const run = [tool ?? '', ...command, '-a', '-i', '-c', address ?? ''] as const
  return [{ run: [run[0], ...run.slice(1)], text: 'status' }, ...beside]
}

/**
 * @throws ExporterError `unreadable`: not this tool's text; `exit_code`: no text and the tool failed
 */
function parse(
  outputs: readonly (Output | undefined)[],
  context: ParseContext<FlexlmServer>,
): Snapshot {
  const { now, timeZone } = context
  const [main, ...beside] = outputs
  const files = beside.flatMap(output => (output ? [readLicenseFile(decode(output.stdout))] : []))
  const { draft, file } = readMain(main, now, timeZone)
  if (file) files.unshift(file)
  const { status, members } = file
    ? { status: { up: true as const, assumed: true as const }, members: [] }
    : serverState(draft, machines(context.server))
  if (!status) throw notThisTool(main)
  const all = fileLines(files, now, timeZone)
  const lines = file ? all : withoutHistory(all)
  const hasStatus = draft.blocks.length + draft.daemons.length + draft.headings.length > 0
  const merged = merge(draft, lines, { timeZone, hasStatus })
  for (const one of files) merged.unparsed.push(...one.unparsed)
  return { status, members, ...merged }
}

function readMain(
  main: Output | undefined,
  now: Date,
  timeZone: string,
): { draft: Draft; file?: LicenseFile } {
  if (!main) throw notThisTool(main)
  const text = decode(main.stdout)
  if (
    main.text === 'license_file' ||
    (main.text === 'auto' && recognise(text) === 'license_file')
  ) {
    const file = readLicenseFile(text)
    if (file.lines.length + file.packages.length + file.daemons.length === 0) {
      throw notThisTool(main)
    }
    return { draft: emptyDraft(), file }
  }
  const draft = readStatus(text, now, timeZone)
  if (draft.recognised) return { draft }
  // Some versions print their one sentence to stderr.
  const said = readStatus(main.stderr, now, timeZone)
  if (said.recognised) return { draft: said }
  throw notThisTool(main)
}

function notThisTool(output: Output | undefined): ExporterError {
  const exitCode = output?.exitCode
  const bytes = output?.stdout.length ?? 0
  if (exitCode !== undefined && exitCode !== 0) {
    return new ExporterError(
      'exit_code',
      `lmstat ended with exit code ${exitCode} and no status that can be read: run the same command by hand`,
      { exitCode, bytes },
    )
  }
  return new ExporterError(
    'unreadable',
    bytes === 0
      ? 'the answer is empty: run the same command by hand'
      : 'the text is no lmstat answer, feature list or license file, or it ends before it says anything',
    { bytes },
  )
}
