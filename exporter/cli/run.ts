import { findConfig } from '../config/find.ts'
import type { Config } from '../config/schema.ts'
import { environmentOf, ofShard, parseShard } from '../shard.ts'
import { configuration, ownLicenseIsSet } from './configuration.ts'
import { followConfig } from './follow-config.ts'
import { notifySystemd } from './notify.ts'
import { options } from './options.ts'
import { printError } from './print.ts'
import { closeInTime, stopSignal } from './until-signal.ts'

/** Reads the configured license servers until a signal. */
export async function run(args: string[]): Promise<number> {
  const started = args.filter(one => one !== '--npm-start')
  // A unit that lost its file must not show healthy invented servers: only `npm start` may.
  if (started.length < args.length && isDemo(started)) {
    return (await import('./demo.ts')).demo(started)
  }
  const { values } = options(started, {
    config: { type: 'string', short: 'c' },
    shard: { type: 'string' },
  })
  const shard = values.shard === undefined ? undefined : parseShard(values.shard)
  const mine = (config: Config) => (shard ? ofShard(config, shard) : config)
  const env = shard ? environmentOf(shard, process.env) : process.env
  const stop = stopSignal()
  const found = await configuration(values.config)
  // Late: a wrong configuration is told before anything else is loaded.
  const { startExporter } = await import('../exporter.ts')
  const starting = startExporter({ config: mine(found.config), mode: 'run', env })
  const unfollow = followConfig(
    found.configFile,
    starting.then(({ reconfigure, refused }) => ({
      reconfigure: config => reconfigure(mine(config)),
      refused,
    })),
  )
  const exporter = await starting
  const unnotify = notifySystemd(printError)
  await stop
  unnotify()
  unfollow()
  return closeInTime(() => exporter.close())
}

/** `npm start`, alone or with options of the demo, where nothing says what to watch. */
function isDemo(args: readonly string[]): boolean {
  if (args.some(one => /^--history(=|$)/.test(one))) return true
  if (args.some(one => /^(-c|--config)/.test(one))) return false
  return !findConfig(undefined) && !ownLicenseIsSet(process.env)
}
