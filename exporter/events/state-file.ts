import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ExporterError } from '../errors.ts'
import type { Announced, LogPositions } from './announced.ts'
import { syncFolder } from './segment-writer.ts'

/** Last announced states and log positions as of one record of the spool; later records win. */
export interface SavedState {
  version: 1
  /** The last record whose state is in here. */
  through: number
  announced: Announced
  positions: LogPositions
}

export const noState: SavedState = { version: 1, through: 0, announced: {}, positions: {} }

/**
 * A file that is not there or not whole is as a first start (and said by the caller).
 * @throws ExporterError for a file that a newer version wrote
 */
export async function readStateFile(path: string): Promise<SavedState & { damaged?: true }> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return noState
    return { ...noState, damaged: true }
  }
  const saved = parse(text)
  if (!saved) {
    await rename(path, `${path}.damaged`).catch(() => {})
    return { ...noState, damaged: true }
  }
  if (saved.version > 1) {
    throw new ExporterError(
      'config',
      `${path} was written by a newer version of the exporter (format ${saved.version}, this one reads 1): run that version, or move the file away and lose what was announced`,
      { path, version: saved.version },
    )
  }
  return saved
}

function parse(text: string): SavedState | undefined {
  try {
    const { version, through, announced, positions } = JSON.parse(text)
    if (!Number.isSafeInteger(version) || version < 1) return undefined
    if (version > 1) return { ...noState, version }
    if (!Number.isSafeInteger(through) || !isRecord(announced) || !isRecord(positions)) {
      return undefined
    }
    return { version, through, announced, positions } as SavedState
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whole or not at all: one fixed temporary name, fsync, rename, fsync of the folder. */
export async function writeStateFile(path: string, state: SavedState): Promise<void> {
  const file = await open(`${path}.tmp`, 'w', 0o600)
  try {
    await file.writeFile(JSON.stringify(state))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.tmp`, path)
  await syncFolder(dirname(path))
}
