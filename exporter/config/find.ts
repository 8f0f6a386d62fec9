import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

const configPlaces = ['license-exporter.toml', '/etc/license-exporter.toml'] as const

/**
 * The configuration file to use: `--config`, `$LICENSE_EXPORTER_CONFIG`, ./license-exporter.toml,
 * /etc/license-exporter.toml. One that is named need not exist: reading it says so.
 */
export function findConfig(
  given: string | undefined,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  return (
    given ??
    (env.LICENSE_EXPORTER_CONFIG || undefined) ??
    configPlaces.map(place => resolve(place)).find(place => existsSync(place))
  )
}
