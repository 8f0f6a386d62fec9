import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isSea } from 'node:sea'
import { fileURLToPath } from 'node:url'
import { type Config, configSchema } from '../config/schema.ts'
import { licenseFile } from './lmstat.ts'
import { products, site, toolMissing } from './site.ts'
import { demoEpoch, logFile } from './tool.ts'

export interface Demo {
  config: Config
  /** Temporary folder with tools, logs, license files and state. */
  folder: string
}

export interface DemoOptions {
  now: Date
  port: number
  /** sha256 of the demo's API key, hex. */
  keyHash: string
  folder?: string | undefined
  interval?: string | undefined
  /** Requests a minute, for programs that try the API out. */
  rateLimit?: number | undefined
}

/** Writes the demo's vendor tools and license files, and gives the configuration that reads them. */
export function prepareDemo(options: DemoOptions): Demo {
  const { now, port, keyHash, folder, interval = '15s', rateLimit } = options
  const home = folder ?? mkdtempSync(join(tmpdir(), 'license-exporter-demo-'))
  mkdirSync(home, { recursive: true })
  const epoch = demoEpoch(home, Math.floor(now.getTime() / 1000))
  const tools = {
    flexlm: writeTool(home, 'lmutil'),
    rlm: writeTool(home, 'rlmutil'),
    sesinetd: writeTool(home, 'sesictrl'),
  }
  const servers = site.map(server => {
    const files: string[] = []
    if (server.manager === 'flexlm' && !server.down) {
      const file = join(home, `${server.name}.lic`)
      writeFileSync(file, licenseFile(server, epoch))
      files.push(file)
    }
    return {
      name: server.name,
      manager: server.manager,
      address: server.address,
      tool: tools[server.manager],
      interval,
      timezone: 'UTC',
      ...(files.length > 0 && { license_files: files }),
      ...(!server.down && { logs: [logFile(home, server.name)] }),
    }
  })
  const config = configSchema.parse({
    state_dir: join(home, 'state'),
    server: [
      ...servers,
      { ...toolMissing, tool: join(home, 'not-installed', 'lmutil'), interval, timezone: 'UTC' },
    ],
    feature: products.map(({ feature, product, amount, currency }) => ({
      feature,
      product,
      seat_cost_per_year: { amount, currency },
    })),
    // Its people are invented: they may be seen.
    privacy: { live: 'plain' },
    api: {
      bind_port: port,
      allow_anonymous: true,
      ...(rateLimit !== undefined && { rate_limit_requests: rateLimit }),
      keys: [
        {
          name: 'demo',
          sha256: keyHash,
          scopes: ['read', 'metrics', 'users'],
          rate_limit_requests: rateLimit ?? 600,
        },
      ],
    },
  })
  return { config, folder: home }
}

/**
 * The tool is this very program again, behind a name that the configuration can point at. The single
 * executable needs no shell for it, so that the demo runs where there is none.
 */
function writeTool(folder: string, name: string): string {
  const file = join(folder, name)
  writeFileSync(file, isSea() ? seaTool(process.execPath) : nodeTool())
  chmodSync(file, 0o755)
  return file
}

function nodeTool(): string {
  const start = fileURLToPath(new URL('../start.mjs', import.meta.url))
  return `#!/bin/sh\nexec ${quote(process.execPath)} ${quote(start)} demo-tool "$0" "$@"\n`
}

/** The kernel splits the first line at blanks, gives one argument, and older ones cut at 127. */
function seaTool(program: string): string {
  const line = `#!${program} demo-tool`
  if (line.length < 127 && !/\s/.test(program)) return `${line}\n`
  return `#!/bin/sh\nexec ${quote(program)} demo-tool "$0" "$@"\n`
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
