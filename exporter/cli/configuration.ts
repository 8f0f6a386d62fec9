import { findConfig } from '../config/find.ts'
import { loadConfig } from '../config/load.ts'
import { sentence } from '../config/problem.ts'
import { type Config, configSchema } from '../config/schema.ts'
import { ExporterError } from '../errors.ts'
import { printError } from './print.ts'

export const noConfiguration =
  'no configuration: give --config FILE, set LICENSE_EXPORTER_CONFIG, or write ./license-exporter.toml or /etc/license-exporter.toml; ' +
  'IOSETU_LICENSE_FILE or IOSETU_LICENSE_KEY alone watches that license; `license-exporter demo` shows invented servers'

type Env = Readonly<Record<string, string | undefined>>

/** The own license alone is enough to start with. */
export const ownLicenseIsSet = (env: Env): boolean =>
  Boolean(env.IOSETU_LICENSE_FILE || env.IOSETU_LICENSE_KEY)

/** @throws ExporterError('config') without any configuration and without an own license */
export async function configuration(
  given: string | undefined,
  env: Env = process.env,
): Promise<{ config: Config; configFile?: string }> {
  const file = findConfig(given, env)
  if (file === undefined) {
    if (!ownLicenseIsSet(env)) {
      throw new ExporterError('config', `license-exporter: ${noConfiguration}`)
    }
    return { config: configSchema.parse({}) }
  }
  const { config, warnings } = await loadConfig(file, { env })
  for (const one of warnings) await printError(`warning: ${sentence(file, one)}`)
  return { config, configFile: file }
}
