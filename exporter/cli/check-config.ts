import { existsSync } from 'node:fs'
import { requestsOf } from '../collect/read-server.ts'
import { findConfig } from '../config/find.ts'
import { loadConfig } from '../config/load.ts'
import { configError, sentence } from '../config/problem.ts'
import type { Config } from '../config/schema.ts'
import { manager } from '../managers/index.ts'
import type { Request } from '../managers/manager.ts'
import { noConfiguration } from './configuration.ts'
import { options, usage } from './options.ts'
import { print, printError } from './print.ts'
import { table } from './table.ts'

/** Reads the configuration and what it points at; starts nothing and contacts no license server. */
export async function checkConfig(args: string[]): Promise<number> {
  const { values, positionals } = options(args, { config: { type: 'string', short: 'c' } }, 1)
  if (values.config !== undefined && positionals.length > 0) {
    throw usage('check-config takes --config FILE or FILE, not both')
  }
  const file = findConfig(values.config ?? positionals[0])
  if (file === undefined) throw usage(noConfiguration)
  const { config, warnings } = await loadConfig(file)
  for (const one of warnings.filter(({ level }) => level === 'warning')) {
    await printError(`warning: ${sentence(file, one)}`)
  }
  // `run` would start without these tools; whoever asks whether all is well wants to know.
  const missing = warnings.filter(({ level }) => level === 'missing')
  if (missing.length > 0) throw configError(file, missing)
  await print(summary(file, config))
  return 0
}

/** Pure but for a look whether files are there: what will happen with this configuration. */
export function summary(file: string, config: Config): string {
  const { server, feature, api, privacy, state_dir, otlp } = config
  const rows = server.flatMap(one =>
    requestsOf(one, manager(one.manager)).map((request, index) =>
      index === 0
        ? [one.name, one.manager, `every ${one.interval} s`, requestText(request)]
        : ['', '', '', requestText(request)],
    ),
  )
  const logs = server.reduce((sum, one) => sum + one.logs.length, 0)
  const scheme = api.tls ? 'https' : 'http'
  const host = api.bind_address.includes(':') ? `[${api.bind_address}]` : api.bind_address
  const keys = api.keys.length === 0 ? 'without keys' : count(api.keys.length, 'key')
  return [
    `${file}: good, ${count(server.length, 'license server')}`,
    ...(rows.length > 0 ? table(['SERVER', 'MANAGER', 'READ', 'HOW'], rows, []) : []),
    '',
    `logs       ${logs === 0 ? 'none: no denials and checkouts are counted' : `${count(logs, 'file')} followed`}`,
    `products   ${feature.length === 0 ? 'none named: features keep their codes' : `${count(feature.length, 'entry', 'entries')} of the feature map`}`,
    `listens    ${api.enabled ? `${scheme}://${host}:${api.bind_port}, ${keys}` : 'nowhere: [api] enabled = false'}`,
    `names      users ${privacy.users}, hosts ${privacy.hosts}, live ${privacy.live}`,
    `state      ${state_dir === undefined ? 'kept in memory only: set state_dir to keep it' : `${state_dir}${existsSync(state_dir) ? '' : ' (will be made)'}`}`,
    ...(otlp.endpoint === undefined ? [] : [`pushes to  ${withoutPassword(otlp.endpoint)}`]),
    '',
  ].join('\n')
}

function requestText(request: Request): string {
  const beside = request.beside ? 'beside it ' : ''
  if ('run' in request) return `${beside}runs ${request.run.join(' ')}`
  if ('get' in request) return `${beside}gets ${withoutPassword(request.get)}`
  return `${beside}reads ${request.read}`
}

const withoutPassword = (url: string) => url.replace(/\/\/[^/@]*@/, '//…@')

const count = (number: number, one: string, many = `${one}s`) =>
  `${number} ${number === 1 ? one : many}`
