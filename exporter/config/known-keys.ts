import { managers } from '../managers/index.ts'
import { nearest } from '../nearest.ts'
import type { Path } from './problem.ts'
import { configSchema } from './schema.ts'

/** The schema as a tree of keys: what a table may hold, for suggestions and for the documentation. */
export type Keys = Map<string, Keys>

// biome-ignore lint/suspicious/noExplicitAny: zod's definitions are one open union.
type Def = any

function keysOf(schema: Def): Keys {
  const def: Def = schema?._zod?.def ?? schema?.def
  if (def?.type === 'object') {
    return new Map(Object.entries(def.shape).map(([key, one]) => [key, keysOf(one)]))
  }
  if (def?.type === 'array') return keysOf(def.element)
  const inner = def?.innerType ?? def?.in
  return inner ? keysOf(inner) : new Map()
}

const serverKeys = new Map(
  Object.entries(managers).map(([name, manager]) => [name, keysOf(manager.server)]),
)

function anyServer(): Keys {
  return new Map([...serverKeys.values()].flatMap(keys => [...keys]))
}

/** Every key of the file; those of `[[server]]` are the union of all managers'. */
export const knownKeys: Keys = keysOf(configSchema).set('server', anyServer())

/** What the table at `path` may hold; `manager` narrows a `[[server]]` table. */
function tableAt(path: Path, manager?: unknown): Keys {
  const names = path.filter(part => typeof part === 'string')
  let keys: Keys | undefined = knownKeys
  for (const [index, name] of names.entries()) {
    keys = keys?.get(name)
    if (index === 0 && name === 'server') keys = serverKeys.get(String(manager)) ?? keys
  }
  return keys ?? new Map()
}

/** `did you mean "interval"?`, `it belongs in [api]`, or the keys that there are. */
export function suggestion(path: Path, key: string, manager?: unknown): string {
  const here = [...tableAt(path, manager).keys()]
  const near = nearest(key, here)
  if (near) return `did you mean "${near}"?`
  for (const match of [(known: string[]) => known.find(one => one === key), elsewhere(key)]) {
    for (const [table, keys] of knownKeys) {
      const found = table === path[0] ? undefined : match([...keys.keys()])
      if (found) return `${found === key ? 'it' : `"${found}"`} belongs in ${bracket(table)}`
    }
  }
  if (path.length > 0 && knownKeys.has(key)) {
    return 'it belongs at the top of the file, before the first [table]'
  }
  return here.length > 0 ? `known here: ${here.join(', ')}` : 'remove it'
}

const elsewhere = (key: string) => (known: string[]) =>
  key.length > 5 ? nearest(key, known) : undefined

const bracket = (table: string) =>
  ['server', 'feature'].includes(table) ? `[[${table}]]` : `[${table}]`
