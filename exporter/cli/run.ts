import { findConfig } from '../config/load.ts'
import { startExporter } from '../exporter.ts'
import { configuration, ownLicenseIsSet } from './configuration.ts'
import { options } from './options.ts'
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
  const exporter = await startExporter({ ...found, mode: 'run' })
  await stop
  return closeInTime(() => exporter.close())
}
