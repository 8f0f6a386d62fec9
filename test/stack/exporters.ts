import { createHash } from 'node:crypto'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configSchema } from '../../exporter/config/schema.ts'
import { prepareDemo } from '../../exporter/demo/demo.ts'
import { type DemoLicenseState, demoLicense } from '../../exporter/demo/license.ts'
import { site } from '../../exporter/demo/site.ts'
import { logFile } from '../../exporter/demo/tool.ts'
import { type RunningExporter, startExporter } from '../../exporter/exporter.ts'

/** Names that have to survive labels, variables, links and regular expressions. */
export const oddNames = ['studio "north" (1.OG)', 'back\\slash|pipe+plus', '東京・ärger'] as const

export interface Exporters {
  /** The demo as it is, and single checkouts, which are off by default. */
  demo: string
  /** A second exporter of the same license servers. */
  twin: string
  /** The demo's license servers under odd names. */
  odd: string
  close(): Promise<void>
}

export const address = (url: string) => url.replace('http://', '')

/** @param endpoint where the demo sends its events, if anywhere */
export async function startExporters(endpoint?: string): Promise<Exporters> {
  const folder = mkdtempSync(join(tmpdir(), 'stack-demo-'))
  const started: RunningExporter[] = []
  const now = new Date()
  // The demo's logs begin two hours ago: sesinetd tells its peaks once an hour.
  for (const { name } of site) {
    writeFileSync(`${logFile(folder, name)}.at`, String(Math.floor(now.getTime() / 1000) - 7200))
  }
  const keyHash = createHash('sha256').update('stack').digest('hex')
  const demo = (name: string) => {
    const { config } = prepareDemo({ now, port: 0, keyHash, folder, interval: '8s' })
    // One folder of logs and tools, a state for each.
    config.log.level = 'error'
    config.state_dir = join(folder, name)
    config.checkouts = { series: true, max: 5000 }
    config.privacy.users = 'plain'
    // A busy machine is no license server that hangs.
    for (const server of config.server) server.timeout = 60
    return config
  }
  async function start(config: ReturnType<typeof demo>, state: DemoLicenseState): Promise<string> {
    const license = await demoLicense(state)
    const exporter = await startExporter({ config, mode: 'demo', env: {}, license })
    started.push(exporter)
    return exporter.url
  }
  const oddly = demo('odd')
  for (const [index, name] of oddNames.entries()) {
    const server = oddly.server[index]
    if (server) server.name = name
  }
  oddly.server.length = oddNames.length
  // A license server that complains about a feature, which none of the demo does.
  const file = join(folder, 'lmstat.txt')
  copyFileSync(new URL('../fixtures/flexlm/daemon-down/lmstat.txt', import.meta.url), file)
  const complains = { name: 'complains', manager: 'flexlm', read: file, max_age: '1d' }
  oddly.server.push(...configSchema.parse({ server: [complains] }).server)
  const telling = demo('demo')
  if (endpoint) telling.otlp = { endpoint, logs: true }
  return {
    demo: await start(telling, 'expiring'),
    twin: await start(demo('twin'), 'expiring'),
    odd: await start(oddly, 'grace'),
    async close() {
      await Promise.all(started.map(exporter => exporter.close()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
