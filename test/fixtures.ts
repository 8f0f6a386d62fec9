import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { manager } from '../exporter/managers/index.ts'
import type { Output } from '../exporter/managers/manager.ts'
import type { ServerConfig } from '../exporter/managers/server-options.ts'
import type { Snapshot } from '../exporter/model.ts'

/**
 * test/fixtures/<manager>/<case>/: case.json, the outputs it names (written for this project),
 * snapshot.json and metrics.prom (goldens; `npm test -- --update` rewrites them).
 */
export interface Fixture {
  manager: string
  name: string
  folder: string
  about: string
  now: Date
  timeZone: string
  server: ServerConfig
  outputs: Output[]
  /** The code of the ExporterError that this input must throw. */
  throws: string | undefined
}

const root = fileURLToPath(new URL('./fixtures', import.meta.url))

export function fixtures(): Fixture[] {
  if (!existsSync(root)) return []
  return readdirSync(root, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .flatMap(({ name }) =>
      readdirSync(join(root, name))
        .filter(one => existsSync(join(root, name, one, 'case.json')))
        .map(one => fixture(name, one)),
    )
}

export function fixture(managerName: string, name: string): Fixture {
  const folder = join(root, managerName, name)
  const described = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as {
    about: string
    now: string
    timeZone?: string
    server?: object
    outputs: { file: string; text: string; exitCode?: number; stderr?: string }[]
    throws?: string
  }
  const now = new Date(described.now)
  // What `read` names is a file and no process.
  const ran = described.server && 'read' in described.server ? undefined : 0
  return {
    manager: managerName,
    name,
    folder,
    about: described.about,
    now,
    timeZone: described.timeZone ?? 'UTC',
    server: manager(managerName).server.parse({
      name: 'fixture',
      manager: managerName,
      ...described.server,
    }) as ServerConfig,
    outputs: described.outputs.map(({ file, text, exitCode = ran, stderr = '' }) => ({
      text,
      stdout: readFileSync(join(folder, file)),
      stderr,
      exitCode,
      at: now,
    })),
    throws: described.throws,
  }
}

export function parseFixture(one: Fixture): Snapshot {
  return manager(one.manager).parse(one.outputs, {
    now: one.now,
    timeZone: one.timeZone,
    server: one.server,
  })
}
