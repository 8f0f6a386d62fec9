import { lookup } from 'node:dns/promises'
import { type Stats, statSync } from 'node:fs'
import { checkTool, missingTool } from '../collect/check-tool.ts'
import { isLoopback, isName, openBindProblem, publicBindProblem } from './bind.ts'
import { type Finding, type Path, problem, warning } from './problem.ts'
import type { Config } from './schema.ts'
import { checkSecretFile, hashProblem, why } from './secret-file.ts'
import { checkCertificates, checkTls } from './tls-files.ts'

/**
 * What the text alone cannot tell: tools, files and names that the configuration points at. No
 * license server is contacted and nothing is run.
 */
export async function checkWorld(config: Config, now: Date): Promise<Finding[]> {
  return [
    ...config.server.flatMap((server, index) => [...checkServer(server, ['server', index])]),
    ...checkSecrets(config),
    ...checkStateDir(config.state_dir),
    ...(config.api.enabled && config.api.tls ? checkTls(config.api.tls, now) : []),
    ...(await checkBindName(config.api)),
  ]
}

function* checkServer(server: Config['server'][number], path: Path): Iterable<Finding> {
  const { tool, read, logs, license_files = [] } = server
  if (tool !== undefined) {
    const refused = checkTool(tool)
    const missing = missingTool(tool)
    if (refused) yield problem([...path, 'tool'], refused)
    else if (missing) yield { path: [...path, 'tool'], what: missing, level: 'missing' }
  }
  if (read !== undefined) yield* later([...path, 'read'], read)
  for (const [index, file] of logs.entries()) yield* later([...path, 'logs', index], file)
  for (const [index, file] of license_files.entries()) {
    yield* later([...path, 'license_files', index], file)
  }
}

/** A file that may come later: its absence is a failed reading, not a wrong configuration. */
function* later(path: Path, file: string): Iterable<Finding> {
  let stats: Stats
  try {
    stats = statSync(file)
  } catch (error) {
    yield warning(path, `${file} ${why(error)} now; it is read once it is there`)
    return
  }
  if (stats.isDirectory()) yield problem(path, `${file} is a directory; name a file in it`)
}

function* checkSecrets({ privacy, otlp, api }: Config): Iterable<Finding> {
  if (privacy.key_file !== undefined) {
    yield* checkSecretFile(['privacy', 'key_file'], privacy.key_file)
  }
  if (otlp.headers_file !== undefined) {
    yield* checkSecretFile(['otlp', 'headers_file'], otlp.headers_file, () => undefined)
  }
  if (otlp.ca_file !== undefined) yield* checkCertificates(['otlp', 'ca_file'], otlp.ca_file)
  if (!api.enabled) return
  for (const [index, { sha256_file }] of api.keys.entries()) {
    if (sha256_file === undefined) continue
    yield* checkSecretFile(['api', 'keys', index, 'sha256_file'], sha256_file, hashProblem)
  }
}

function* checkStateDir(folder: string | undefined): Iterable<Finding> {
  if (folder === undefined) return
  try {
    if (statSync(folder).isDirectory()) return
    yield problem(['state_dir'], `${folder} is not a directory; name a directory of its own`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    yield problem(['state_dir'], `${folder} ${why(error)}; give the directory to this user`)
  }
}

/** A name may stand for any address: it counts as public where one of them is not loopback. */
async function checkBindName(api: Config['api']): Promise<Finding[]> {
  if (!api.enabled || !isName(api.bind_address)) return []
  const path = ['api', 'bind_address']
  const where = `"${api.bind_address}"`
  let addresses: string[]
  try {
    addresses = (await lookup(api.bind_address, { all: true })).map(({ address }) => address)
  } catch {
    return [problem(path, `${where} has no address on this machine; write an IP address`)]
  }
  const open = addresses.find(address => !isLoopback(address))
  if (open === undefined) return []
  const what = `${where} (${open})`
  return [publicBindProblem(api, what), openBindProblem(api, what)]
    .filter(one => one !== undefined)
    .map(one => problem(path, one))
}
