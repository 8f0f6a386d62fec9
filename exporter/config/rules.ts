import { managers } from '../managers/index.ts'
import { nearest } from '../nearest.ts'
import { hostProblem, originProblem, proxyProblem } from './addresses.ts'
import { isLoopback, isName, openBindProblem, publicBindProblem } from './bind.ts'
import { type Finding, type Path, problem, warning } from './problem.ts'
import type { Config } from './schema.ts'

/**
 * What no single key can tell. Each rule names the keys it reads: while one of those is wrong
 * itself the rule is silent, so that one mistake gives one sentence.
 */
interface Rule {
  reads: readonly Path[]
  check(config: Config): Iterable<Finding>
}

const rules: readonly Rule[] = [
  { reads: [], check: sources },
  {
    reads: [['privacy', 'key_file'], ['state_dir']],
    *check({ privacy, state_dir }) {
      if (state_dir !== undefined || privacy.key_file !== undefined) return
      for (const names of ['users', 'hosts'] as const) {
        if (privacy[names] !== 'hash') continue
        yield problem(
          ['privacy', names],
          '"hash" needs a key that lasts; set state_dir (the key is made there) or privacy.key_file',
        )
      }
    },
  },
  {
    reads: [
      ['checkouts', 'series'],
      ['privacy', 'users'],
      ['privacy', 'hosts'],
    ],
    *check({ checkouts, privacy }) {
      if (!checkouts.series || privacy.users !== 'drop' || privacy.hosts !== 'drop') return
      yield problem(
        ['checkouts', 'series'],
        'would be one series a feature while users and hosts are both dropped; set privacy.users or privacy.hosts to "hash" or "plain", or remove it',
      )
    },
  },
  {
    reads: [
      ['api', 'bind_address'],
      ['api', 'allow_public_bind'],
    ],
    check: publicBind,
  },
  { reads: [['api']], check: openBind },
  { reads: [['api', 'keys']], check: sameHash },
  {
    reads: [['api', 'cors_origins']],
    check: ({ api }) => each(api, 'cors_origins', originProblem),
  },
  {
    reads: [['api', 'trusted_proxies']],
    check: ({ api }) => each(api, 'trusted_proxies', proxyProblem),
  },
  {
    reads: [['api', 'allowed_hosts']],
    check: ({ api }) => each(api, 'allowed_hosts', hostProblem),
  },
  { reads: [['feature']], check: featureMap },
  { reads: [['server'], ['feature']], check: featureServers },
  {
    reads: [['server'], ['max_tools']],
    *check({ server, max_tools }) {
      // A reading costs about a second of a slot; the servers of one interval share the slots.
      const load = server.reduce((sum, { interval }) => sum + 1 / interval, 0)
      if (load <= max_tools) return
      yield warning(
        ['max_tools'],
        `${server.length} servers need about ${Math.ceil(load)} readings at once and ${max_tools} are allowed; readings will be late: set max_tools = ${Math.ceil(load)} or longer intervals`,
      )
    },
  },
  {
    reads: [['server']],
    *check({ server }) {
      for (const [index, { max_age, read }] of server.entries()) {
        if (max_age === undefined || read !== undefined) continue
        yield warning(['server', index, 'max_age'], 'has an effect only together with read')
      }
    },
  },
  { reads: [['server']], check: logsTwice },
  {
    reads: [['otlp']],
    *check({ otlp }) {
      if (otlp.endpoint !== undefined) return
      for (const key of ['headers_file', 'ca_file'] as const) {
        if (otlp[key]) yield warning(['otlp', key], 'has no effect without otlp.endpoint')
      }
    },
  },
]

/** @param wrong paths that the schema refused: rules that read them are silent */
export function* applyRules(config: Config, wrong: readonly Path[]): Iterable<Finding> {
  for (const { reads, check } of rules) {
    if (reads.some(path => wrong.some(one => overlaps(path, one)))) continue
    yield* check(config)
  }
}

const overlaps = (a: Path, b: Path) =>
  a.slice(0, b.length).every((part, index) => part === b[index])

const bindAddress = ['api', 'bind_address']

function* publicBind({ api }: Config): Iterable<Finding> {
  const { bind_address } = api
  if (/^\[.*\]$/.test(bind_address)) {
    yield problem(bindAddress, 'stands in brackets; write the IPv6 address without them')
  } else if (!isName(bind_address) && !isLoopback(bind_address)) {
    const what = publicBindProblem(api, `"${bind_address}"`)
    if (what) yield problem(bindAddress, what)
  }
}

function* openBind({ api }: Config): Iterable<Finding> {
  if (isName(api.bind_address) || isLoopback(api.bind_address)) return
  const what = openBindProblem(api, `"${api.bind_address}"`)
  if (what) yield problem(bindAddress, what)
}

/** Which of the two names and scopes would hold for that key? */
function* sameHash({ api }: Config): Iterable<Finding> {
  const names = new Map<string, string>()
  for (const [index, { name, sha256 }] of api.keys.entries()) {
    const hash = sha256?.toLowerCase()
    if (hash === undefined) continue
    const earlier = names.get(hash)
    if (earlier === undefined) names.set(hash, name)
    else if (earlier !== name) {
      const what = `is the hash of the key "${earlier}" too; give this name a key of its own, or remove one`
      yield problem(['api', 'keys', index, 'sha256'], what)
    }
  }
}

function* each(
  api: Config['api'],
  key: 'cors_origins' | 'trusted_proxies' | 'allowed_hosts',
  wrong: (text: string) => string | undefined,
): Iterable<Finding> {
  for (const [index, text] of api[key].entries()) {
    const what = wrong(text)
    if (what) yield problem(['api', key, index], what)
  }
}

/** Whatever the manager: one way to the text, and only one. */
function* sources({ server }: Config): Iterable<Finding> {
  for (const [index, { tool, read, get, address }] of server.entries()) {
    const path = ['server', index]
    const ways = [tool, read, get].filter(way => way !== undefined).length
    if (ways === 0) {
      yield problem(path, 'nothing to read: give tool and address, or read, or get')
    } else if (ways > 1) {
      yield problem(path, 'more than one of tool, read and get: give exactly one')
    } else if (tool !== undefined && address === undefined) {
      yield problem(path, 'tool needs an address: add one, or use read or get')
    }
  }
}

/** Each line of it would be counted twice. */
function* logsTwice({ server }: Config): Iterable<Finding> {
  for (const [index, { logs }] of server.entries()) {
    for (const [at, path] of logs.entries()) {
      if (logs.indexOf(path) === at) continue
      yield problem(['server', index, 'logs', at], `names ${path} a second time; remove one`)
    }
  }
}

function* featureServers({ server, feature }: Config): Iterable<Finding> {
  const names = new Set(server.map(({ name }) => name))
  for (const [index, { server: name }] of feature.entries()) {
    if (name === undefined || names.has(name)) continue
    const near = nearest(name, [...names])
    const mend = near ? `did you mean "${near}"?` : 'write the name of one, or remove the key'
    yield problem(['feature', index, 'server'], `no [[server]] has the name "${name}"; ${mend}`)
  }
}

function* featureMap({ feature }: Config): Iterable<Finding> {
  const seen = new Map<string, number>()
  for (const [index, one] of feature.entries()) {
    const at = ['feature', index]
    if (one.manager !== undefined && !Object.hasOwn(managers, one.manager)) {
      const known = Object.keys(managers).join(', ')
      yield problem(
        [...at, 'manager'],
        `"${one.manager}" is no license manager; write one of ${known}`,
      )
    }
    if (one.feature === '') {
      yield problem([...at, 'feature'], 'is empty; write a name or a pattern such as "sim_*"')
    }
    if (one.product === undefined && one.seat_cost_per_year === undefined) {
      yield problem(at, 'gives neither product nor seat_cost_per_year; write one of them')
    }
    const key = JSON.stringify([one.server, one.manager, one.vendor?.toLowerCase(), one.feature])
    const earlier = seen.get(key)
    if (earlier === undefined) seen.set(key, index)
    else {
      yield problem(
        at,
        `names the same features as [[feature]] number ${earlier + 1}, and the first match wins; remove one`,
      )
    }
  }
}
