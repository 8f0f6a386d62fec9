/**
 * `licensed.mts STATE`: the exporter with a license in this state, and no license server to read. The
 * packages know nothing of each other's types: it is loaded as the program that it is.
 */
import { join } from 'node:path'

const exporterFolder = join(import.meta.dirname, '../../../exporter')
const load = (path: string) => import(join(exporterFolder, path))

const { configSchema } = await load('config/schema.ts')
const { demoLicense } = await load('demo/license.ts')
const { startExporter } = await load('exporter.ts')
const exporter = await startExporter({
  config: configSchema.parse({
    log: { level: 'error' },
    api: { bind_port: 0, allow_anonymous: true },
  }),
  mode: 'run',
  env: {},
  license: await demoLicense(process.argv[2]),
})
console.log(`runs at ${exporter.url}`)
process.on('SIGTERM', () => exporter.close().finally(() => process.exit()))
