import { findConfig } from '../config/load.ts'
import { configuration, ownLicenseIsSet } from './configuration.ts'
import { followConfig } from './follow-config.ts'
import { options } from './options.ts'
import { printError } from './print.ts'
import { closeInTime, stopSignal } from './until-signal.ts'

/** Reads the configured license servers until a signal. */
export async function run(args: string[]): Promise<number> {
  const { values } = options(args, {
    config: { type: 'string', short: 'c' },
    'npm-start': { type: 'boolean' },
  })
  // A unit that lost its file must not show healthy invented servers: only `npm start` may.
  if (values['npm-start'] && !findConfig(values.config) && !ownLicenseIsSet(process.env)) {
    return (await import('./demo.ts')).demo([])
  }
  const stop = stopSignal()
  const found = await configuration(values.config)
  // Late: a wrong configuration is told before anything else is loaded.
  const { startExporter } = await import('../exporter.ts')
  const exporter = await startExporter({ config: found.config, mode: 'run' })
  const unfollow = await followConfig(found.configFile, exporter, printError)
  await stop
  unfollow()
  return closeInTime(() => exporter.close())
}
