import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../parts.ts'
import type { LogPosition } from './log-position.ts'

export type Positions = Readonly<Record<string, readonly LogPosition[]>>

/** Where reading of the vendor logs stopped, by server. */
export interface PositionStore {
  load(): Positions
  save(positions: Positions): Promise<void>
}

const version = 1

/** `log-positions.json` in the state folder; replaced whole, so that it is never half written. */
export function filePositions(stateDir: string, log: Logger): PositionStore {
  const file = join(stateDir, 'log-positions.json')
  return {
    load() {
      try {
        const stored = JSON.parse(readFileSync(file, 'utf8'))
        if (stored.version === version && isPositions(stored.servers)) return stored.servers
        log.warn('the log positions are of another version: logs are read from their end', { file })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
        const why = error instanceof SyntaxError ? 'no JSON' : String(error)
        log.warn('the log positions cannot be read: logs are read from their end', { file, why })
      }
      return {}
    },
    async save(servers) {
      const draft = `${file}.${randomBytes(4).toString('hex')}`
      try {
        const handle = await open(draft, 'wx', 0o600)
        try {
          await handle.writeFile(JSON.stringify({ version, servers }))
          await handle.sync()
        } finally {
          await handle.close()
        }
        await rename(draft, file)
      } catch (error) {
        await rm(draft, { force: true }).catch(() => {})
        log.error('the log positions cannot be written', { file, why: String(error) })
      }
    },
  }
}

function isPositions(value: unknown): value is Positions {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every(list => Array.isArray(list) && list.every(isPosition))
  )
}

function isPosition(value: unknown): value is LogPosition {
  const one = value as LogPosition
  return (
    typeof one?.path === 'string' &&
    typeof one.inode === 'string' &&
    Number.isSafeInteger(one.head?.bytes) &&
    typeof one.head.sha256 === 'string' &&
    Number.isSafeInteger(one.offset) &&
    one.offset >= 0 &&
    Number.isFinite(one.counted) &&
    Number.isFinite(one.modifiedMs)
  )
}
