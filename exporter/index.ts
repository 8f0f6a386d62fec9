/**
 * The exporter as a library:
 *
 *     import { loadConfig, startExporter } from 'iosetu-license-exporter'
 *
 *     const { config } = await loadConfig('/etc/license-exporter.toml')
 *     const exporter = await startExporter({ config, mode: 'run' })
 *     await exporter.close()
 *
 * The monitor of the own license alone is `iosetu-license-exporter/self-license`.
 */
export { type Loaded, loadConfig } from './config/load.ts'
export { type Config, configSchema } from './config/schema.ts'
export { ExporterError } from './errors.ts'
export { type RunningExporter, type StartOptions, startExporter } from './exporter.ts'
export { manager, managers } from './managers/index.ts'
export type { LicenseManager, Output, Request } from './managers/manager.ts'
export type * from './model.ts'
export { ofShard, parseShard, type Shard, shardOf } from './shard.ts'
export { version } from './version.ts'
