import { readFileSync } from 'node:fs'
import { configSchema } from '../../exporter/config/schema.ts'
import { startExporter } from '../../exporter/exporter.ts'

/**
 * The exporter as a vendor builds it, with a test key for trusted-keys.ts:
 * `licensed-exporter.ts KEYS.json LICENSE PORT STATE_DIR`.
 */
const [keys = '', file = '', port = '', stateDir = ''] = process.argv.slice(2)
const trustedKeys = JSON.parse(readFileSync(keys, 'utf8')) as { keys: [] }
const config = configSchema.parse({
  state_dir: stateDir,
  self_license: { required: true },
  api: { bind_port: Number(port), allow_anonymous: true, rate_limit_requests: 100_000 },
})
const exporter = await startExporter({ config, mode: 'run', license: { trustedKeys, file } })
process.on('SIGTERM', () => exporter.close().finally(() => process.exit()))
