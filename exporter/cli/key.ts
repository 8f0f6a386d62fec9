import { createHash, randomBytes } from 'node:crypto'
import { inspect } from './key-inspect.ts'
import { issue } from './key-issue.ts'
import { newKey } from './key-new.ts'
import { keyError, keyOptions } from './key-options.ts'

const actions: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
  new: newKey,
  issue,
  inspect,
  api,
}

/** `license-exporter key …`: keys and licenses of the vendor, and keys of the API. */
export async function run(args: string[]): Promise<number> {
  const [name = '', ...rest] = args
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (action) return action(rest)
  const what = name === '' ? 'key needs an action' : `key ${JSON.stringify(name)} is not known`
  throw keyError(`${what}; write key new, key issue, key inspect or key api`)
}

const scopes = ['read', 'metrics', 'users']

/** Draws a key of the API; it is shown once, the configuration holds its hash. */
async function api(args: string[]): Promise<number> {
  const { values, positionals } = keyOptions(
    args,
    { scope: { type: 'string', multiple: true, default: ['read'] } },
    1,
  )
  const [name = ''] = positionals
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(name)) {
    throw keyError('key api needs a NAME of letters, digits, dots, dashes and underscores')
  }
  const wrong = values.scope.find(one => !scopes.includes(one))
  if (wrong !== undefined) {
    throw keyError(`--scope ${JSON.stringify(wrong)} is not known; write ${scopes.join(', ')}`)
  }
  const key = randomBytes(32).toString('base64url')
  const hash = createHash('sha256').update(key).digest('hex')
  const list = values.scope.map(one => JSON.stringify(one)).join(', ')
  process.stdout.write(`${key}

The key above is shown only now. In the configuration:

[[api.keys]]
name = ${JSON.stringify(name)}
sha256 = "${hash}"
scopes = [${list}]
`)
  return 0
}
