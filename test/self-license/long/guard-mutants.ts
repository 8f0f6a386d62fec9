import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import * as original from '../../../exporter/self-license/guard.ts'
import type { GuardModule } from '../world.ts'
import { properties, run } from './properties.ts'

/**
 * Are the properties sharp? The guard's source text is changed in one place at a time and the
 * properties run against the copy: one of them must fail.
 * npm run properties:mutants -- [--n 60] [--every 10] [--list]
 */
const { values } = parseArgs({
  options: {
    n: { type: 'string', default: '60' },
    every: { type: 'string', default: '1' },
    list: { type: 'boolean', default: false },
  },
})
const runs = Number(values.n)

const source = fileURLToPath(new URL('../../../exporter/self-license/', import.meta.url))
const pure = [
  'constants',
  'clock',
  'guard',
  'states',
  'thresholds',
  'announce',
  'refusals',
  '../local-time',
]
const mutated = ['clock', 'guard', 'states', 'thresholds']

/** `<` against `<=` is left out: on a clock of fractions no run can tell them apart. */
const operators: [RegExp, string][] = [
  [/ >= /g, ' < '],
  [/ > /g, ' <= '],
  [/ <= /g, ' > '],
  [/ < /g, ' >= '],
  [/ === /g, ' !== '],
  [/ !== /g, ' === '],
  [/ && /g, ' || '],
  [/ \|\| /g, ' && '],
  [/ \+ /g, ' - '],
  [/ - /g, ' + '],
  [/Math\.max\(/g, 'Math.min('],
  [/Math\.min\(/g, 'Math.max('],
  [/(?<=[(\s])!(?=[a-z])/g, ''],
  [/\btrue\b/g, 'false'],
  [/\bfalse\b/g, 'true'],
  [/timing\.(grace|adopt|settle|provisional|save|debounce)\b/g, '(timing.$1 * 2)'],
  [/timing\.(grace|adopt|settle|provisional|save|debounce)\b/g, '(timing.$1 / 2)'],
  [/(?<![\w.])(tolerance|slack|gap)\b(?= *[;)\n]|$)/gm, '(2 * $1)'],
]

interface Mutant {
  file: string
  line: number
  text: string
  change: string
}

function mutants(): Mutant[] {
  return mutated.flatMap(file => {
    const text = readFileSync(join(source, `${file}.ts`), 'utf8')
    return operators.flatMap(([pattern, replacement]) =>
      [...text.matchAll(pattern)].flatMap(match => {
        const at = match.index
        const line = text.slice(0, at).split('\n').length
        const whole = text.split('\n')[line - 1]?.trim() ?? ''
        if (
          /^(import|export type|export interface|\||\*|\/)|^(readonly )?\w+\??: [\w| ]+$/.test(
            whole,
          )
        )
          return []
        const changed = match[0].replace(new RegExp(pattern.source, ''), replacement)
        const piece = changed === match[0] ? replacement.replace('$1', match[1] ?? '') : changed
        return [
          {
            file,
            line,
            text: text.slice(0, at) + piece + text.slice(at + match[0].length),
            change: `${match[0].trim()} → ${piece.trim()}   ${whole}`,
          },
        ]
      }),
    )
  })
}

const folder = mkdtempSync(join(tmpdir(), 'guard-mutants-'))

async function load(mutant: Mutant, number: number): Promise<GuardModule> {
  const home = join(folder, String(number), 'self-license')
  mkdirSync(home, { recursive: true })
  writeFileSync(join(folder, String(number), 'package.json'), '{"type":"module"}')
  for (const file of pure) {
    const text =
      file === mutant.file ? mutant.text : readFileSync(join(source, `${file}.ts`), 'utf8')
    writeFileSync(join(home, `${file}.ts`), text)
  }
  return import(pathToFileURL(join(home, 'guard.ts')).href)
}

const kills = new Map<string, number>()
const survivors: Mutant[] = []
let tried = 0
let broken = 0
try {
  const all = mutants().filter((_, at) => at % Number(values.every) === 0)
  const base = properties(original).map(one => run(one, 50))
  if (base.some(({ failure }) => failure)) throw new Error('the unchanged guard fails')
  for (const [number, mutant] of all.entries()) {
    if (values.list) {
      console.log(`${mutant.file}.ts:${mutant.line} ${mutant.change}`)
      continue
    }
    let module: GuardModule
    try {
      module = await load(mutant, number)
    } catch {
      broken++
      continue
    }
    tried++
    // All of them, so that each property shows whether it ever kills.
    const killers = properties(module).filter(one => run(one, runs, 1).failure !== undefined)
    for (const { name } of killers) kills.set(name, (kills.get(name) ?? 0) + 1)
    if (killers.length === 0) survivors.push(mutant)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
for (const { name } of properties(original)) {
  console.log(`${String(kills.get(name) ?? 0).padStart(4)} killed by ${name}`)
}
for (const { file, line, change } of survivors) console.log(`survives ${file}.ts:${line} ${change}`)
const killed = tried - survivors.length
const share = (100 * killed) / tried
console.log(`${killed} of ${tried} mutants killed (${share.toFixed(1)} %), ${broken} did not load`)
const idle = properties(original).filter(({ name }) => !kills.has(name))
for (const { name } of idle) console.log(`kills nothing: ${name}`)
// Of a sample only a rough share is known, and which property kills nothing is chance.
const holds = values.every === '1' ? share >= 95 && idle.length === 0 : share >= 85
console.log(values.list || holds ? '1 passed, 0 failed' : '0 passed, 1 failed')
process.exitCode = values.list || holds ? 0 : 1
