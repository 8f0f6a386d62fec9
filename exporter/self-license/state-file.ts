import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { SavedGuard } from './guard.ts'

/** Beside the guard's state the last good license itself: its signature is what gives grace. */
export interface SavedState {
  guard: SavedGuard
  token: string | undefined
}

const ms = z.number()
const schema = z.object({
  guard: z.object({
    clock: z.object({
      bootId: z.string().optional(),
      boot: ms,
      age: ms.nonnegative(),
      line: ms,
      floor: ms,
      reference: ms,
      ahead: ms.nonnegative().optional(),
      tamper: z.object({ used: ms.nonnegative(), forgivable: z.boolean() }).optional(),
      clean: z.boolean(),
    }),
    state: z.enum(['valid', 'grace', 'over', 'unlicensed']),
    until: ms.optional(),
    bad: ms.nonnegative().optional(),
    announced: z.object({
      refusal: z.string().optional(),
      expiring: z.object({ fingerprint: z.string(), level: z.int().min(0).max(4) }).optional(),
    }),
  }),
  token: z.string().optional(),
})

const mostBytes = 64 * 1024

export const stateFile = (stateDir: string) => join(stateDir, 'own-license.json')

export type Stored =
  | { state: SavedState }
  /** There is none. */
  | { state: undefined; problem?: undefined }
  /** It cannot be used: the start is as without it. */
  | { state: undefined; problem: string }

/** Never throws: state that cannot be read is as no state, with a warning. */
export async function readState(stateDir: string): Promise<Stored> {
  const file = stateFile(stateDir)
  let handle: FileHandle | undefined
  try {
    handle = await open(
      file,
      constants.O_RDONLY | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0),
    )
    const stats = await handle.stat()
    if (!stats.isFile()) return { state: undefined, problem: `${file} is not a regular file` }
    const owner = process.getuid?.()
    if (owner !== undefined && stats.uid !== owner) {
      return { state: undefined, problem: `${file} belongs to user ${stats.uid}, not to ${owner}` }
    }
    if (stats.size > mostBytes) return { state: undefined, problem: `${file} is too large` }
    const text = await handle.readFile('utf8')
    const state = parseState(text)
    return state ? { state } : { state: undefined, problem: `${file} ${whatIsWrong(text)}` }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return { state: undefined }
    return { state: undefined, problem: `${file} cannot be read (${code ?? 'error'})` }
  } finally {
    await handle?.close().catch(() => {})
  }
}

/** What cannot be used is kept for a person to look at, out of the way. */
export async function putAside(stateDir: string): Promise<void> {
  const file = stateFile(stateDir)
  await rename(file, `${file}.unusable`).catch(() => {})
}

/** Readers see the old state or the new one, whatever ends this process in between. @throws */
export async function writeState(stateDir: string, state: SavedState): Promise<void> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 })
  const file = stateFile(stateDir)
  const temporary = `${file}.tmp`
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW = 0 } = constants
  const handle = await open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600)
  try {
    await handle.chmod(0o600)
    await handle.writeFile(formatState(state))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, file)
  await syncFolder(dirname(file))
}

async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders; there the rename is as durable as it gets.
  const handle = await open(folder, constants.O_RDONLY).catch(() => undefined)
  try {
    await handle?.sync()
  } finally {
    await handle?.close()
  }
}

export function formatState(state: SavedState): string {
  const body = JSON.stringify(state)
  return `${JSON.stringify({ version: 1, sha256: sha256(body), body })}\n`
}

export function parseState(text: string): SavedState | undefined {
  try {
    const { version, sha256: sum, body } = JSON.parse(text)
    if (version !== 1 || typeof body !== 'string' || sha256(body) !== sum) return undefined
    const parsed = schema.safeParse(JSON.parse(body))
    return parsed.success ? (parsed.data as SavedState) : undefined
  } catch {
    return undefined
  }
}

function whatIsWrong(text: string): string {
  const [, format] = /^\{"version":(\d+),/.exec(text) ?? []
  if (Number(format) <= 1 || format === undefined) return 'is corrupt'
  return `was written by a newer version (format ${format}, this one reads 1)`
}

function sha256(text: string): string {
  return createHash('sha256').update(Buffer.from(text)).digest('hex')
}
