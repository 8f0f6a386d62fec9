import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import { ExporterError } from '../errors.ts'

export interface Reloadable {
  reconfigure(config: Config): Promise<void>
  refused(reason: string, problem: string): void
}

/** `fs.watch` misses the swap of a mounted Kubernetes volume: read and compare. */
const everyMs = 15_000
const settleMs = 100

/**
 * Takes the configuration up again on SIGHUP and when the file's content changes; the last good one
 * stays while the new one is wrong. Never two reloads at once. Call it before the exporter is there:
 * a signal during the start ends nothing and is not lost. @returns ends it
 */
export function followConfig(file: string | undefined, started: Promise<Reloadable>): () => void {
  if (file === undefined) {
    // Nothing to read again; the signal alone must not end the process.
    const ignore = () => {}
    process.on('SIGHUP', ignore)
    return () => process.off('SIGHUP', ignore)
  }
  const path = file
  let known: string
  let exporter: Reloadable
  // An exporter that does not start says so where it was started.
  let last: Promise<void> = begin().catch(() => undefined)
  started.catch(() => undefined)

  async function begin(): Promise<void> {
    known = await fingerprint(path)
    exporter = await started
  }

  async function reload(asked: boolean): Promise<void> {
    let now = await fingerprint(path)
    if (now === known && !asked) return
    // Somebody may be writing it right now: half a file is no configuration to complain about.
    for (let i = 0; i < 10 && now !== known; i++) {
      known = now
      await sleep(settleMs)
      now = await fingerprint(path)
    }
    known = now
    try {
      const { config } = await loadConfig(path)
      await exporter.reconfigure(config)
    } catch (error) {
      const ours = error instanceof ExporterError
      exporter.refused(ours ? error.code : 'internal', (error as Error).message)
    }
  }

  const queue = (asked: boolean) => () => {
    last = last.then(() => reload(asked)).catch(() => undefined)
  }
  const onSignal = queue(true)
  const timer = setInterval(queue(false), everyMs)
  process.on('SIGHUP', onSignal)
  return () => {
    clearInterval(timer)
    process.off('SIGHUP', onSignal)
  }
}

/** Of the content; a file that cannot be read is a state of its own. */
async function fingerprint(file: string): Promise<string> {
  try {
    return createHash('sha256')
      .update(await readFile(file))
      .digest('hex')
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code)
  }
}
