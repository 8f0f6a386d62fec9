import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
}

/** Writes the demo's vendor tools and license files, and gives the configuration that reads them. */
export function prepareDemo({ now, port, keyHash, folder, interval = '15s' }: DemoOptions): Demo {
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
      keys: [
        {
          name: 'demo',
          sha256: keyHash,
          scopes: ['read', 'metrics', 'users'],
          rate_limit_requests: 600,
        },
      ],
    },
  })
  return { config, folder: home }
}

/** The tool is this very program again, behind a name that the configuration can point at. */
function writeTool(folder: string, name: string): string {
  const file = join(folder, name)
  const start = fileURLToPath(new URL('../start.mjs', import.meta.url))
  const program = [process.execPath, start].map(quote).join(' ')
  writeFileSync(file, `#!/bin/sh\nexec ${program} demo-tool ${name} ${quote(folder)} "$@"\n`)
  chmodSync(file, 0o755)
  return file
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
