import { readFileSync } from 'node:fs'
import { followConfig } from '../../exporter/cli/follow-config.ts'
import { loadConfig } from '../../exporter/config/load.ts'
import { startExporter } from '../../exporter/exporter.ts'

/** The exporter with a license key of its own: `vendor-program.ts KEYS.json LICENSE CONFIG`. */
const [keys = '', file = '', configFile = ''] = process.argv.slice(2)
const trustedKeys = JSON.parse(readFileSync(keys, 'utf8')) as { keys: [] }
const { config } = await loadConfig(configFile)
const starting = startExporter({ config, mode: 'run', license: { trustedKeys, file } })
followConfig(configFile, starting)
const exporter = await starting
process.on('SIGTERM', () => exporter.close().finally(() => process.exit()))
