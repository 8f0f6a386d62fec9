import { Buffer } from 'node:buffer'
import type { MonitorParts } from './monitor-parts.ts'
import { putAside, readState, type SavedState, writeState } from './state-file.ts'
import type { SignedLicense } from './types.ts'
import { verify } from './verify.ts'

/** State of an earlier process; its license counts only if its signature is still good. */
export async function restore({
  stateDir,
  trust,
  expected,
  log,
}: MonitorParts): Promise<{ state: SavedState; stored: SignedLicense | undefined } | undefined> {
  if (stateDir === undefined) return undefined
  const { state, problem } = { problem: undefined, ...(await readState(stateDir)) }
  if (problem !== undefined) {
    log.warn('State of the own license is not used; the start is as without it', { problem })
    await putAside(stateDir)
  }
  if (!state) return undefined
  const { token } = state
  const result = token === undefined ? undefined : await verify(Buffer.from(token), trust, expected)
  return { state, stored: result?.ok ? result : undefined }
}

export interface Saver {
  /** One write at a time; the newest state is written last. Never fails: a warning, once. */
  save(state: SavedState): Promise<void>
  idle(): Promise<void>
}

export function createSaver(stateDir: string | undefined, log: MonitorParts['log']): Saver {
  let writing: Promise<void> | undefined
  let next: SavedState | undefined
  let complained = false

  async function write(folder: string): Promise<void> {
    while (next) {
      const state = next
      next = undefined
      try {
        await writeState(folder, state)
        complained = false
      } catch (error) {
        if (!complained) {
          log.warn('State of the own license cannot be saved; a restart begins as without it', {
            state_dir: folder,
            problem: (error as NodeJS.ErrnoException).code ?? 'error',
          })
        }
        complained = true
      }
    }
  }

  return {
    async save(state) {
      if (stateDir === undefined) return
      next = state
      writing ??= write(stateDir).finally(() => {
        writing = undefined
      })
      await writing
    },
    idle: async () => writing,
  }
}
