import { readServer } from '../collect/read-server.ts'
import type { Config } from '../config/schema.ts'
import { ExporterError } from '../errors.ts'
import { manager } from '../managers/index.ts'
import type { ServerConfig } from '../managers/server-options.ts'
import type { Reading } from '../state.ts'

/** Reads every configured license server once, at most `max_tools` at a time; in the file's order. */
export async function readOnce(config: Config, signal: AbortSignal): Promise<Reading[]> {
  const readings: Reading[] = []
  const todo = [...config.server.entries()]
  const worker = async () => {
    for (let next = todo.shift(); next && !signal.aborted; next = todo.shift()) {
      readings[next[0]] = await read(next[1], signal)
    }
  }
  await Promise.all(Array.from({ length: Math.min(config.max_tools, todo.length) }, worker))
  return readings
}

async function read(server: ServerConfig, signal: AbortSignal): Promise<Reading> {
  const begun = performance.now()
  const timeZone = server.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const subject = { server: server.name, manager: server.manager }
  const seconds = () => (performance.now() - begun) / 1000
  try {
    const context = { now: () => new Date(), timeZone, signal }
    for (let attempt = 0; attempt < 3; attempt++) {
      const answer = await readServer(server, manager(server.manager), context)
      if (answer) return { ...subject, ...answer, seconds: seconds() }
      // Its file is just being written.
      await new Promise(done => setTimeout(done, 500))
    }
    throw new ExporterError('unreadable', 'the file is being written all the time')
  } catch (error) {
    const failed =
      error instanceof ExporterError
        ? error
        : new ExporterError('unreadable', 'the answer is not understood', {}, { cause: error })
    return { ...subject, at: new Date(), seconds: seconds(), error: failed }
  }
}
