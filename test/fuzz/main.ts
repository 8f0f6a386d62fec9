import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ExporterError } from '../../exporter/errors.ts'
import { decode } from '../../exporter/managers/decode.ts'
import { managers } from '../../exporter/managers/index.ts'
import type { LicenseManager } from '../../exporter/managers/manager.ts'
import type { ServerConfig } from '../../exporter/managers/server-options.ts'
import { inputs } from './inputs.ts'
import { mutate, random } from './mutate.ts'

/**
 * node test/fuzz/main.ts --n N [--manager M] [--seed S]
 * Every parser and log reader of the registry: nothing but ExporterError is thrown, and no input
 * takes longer than 1 s per MB.
 */
const { values } = parseArgs({
  options: {
    n: { type: 'string', default: '10000' },
    manager: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})

const count = Number(values.n)
const seed = Number(values.seed)
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) {
  console.error(
    'usage: node test/fuzz/main.ts --n N [--manager M] [--seed S], N and S whole numbers',
  )
  process.exit(2)
}

const now = new Date('2026-03-02T12:00:00Z')
const timeZone = 'Europe/Berlin'

type Target = (bytes: Buffer) => void

function targets(manager: LicenseManager): [string, Target, Buffer[]][] {
  const { texts, logs } = inputs(manager.name)
  const server = manager.server.parse({
    name: 'fuzz',
    manager: manager.name,
    read: '/fuzz',
  }) as ServerConfig
  const found: [string, Target, Buffer[]][] = [
    [
      `${manager.name} parse`,
      bytes => {
        const main = { text: 'auto', stdout: bytes, stderr: '', exitCode: 0, at: now }
        // What was parsed once must be parsed again beside itself, as a license file is.
        const beside = { ...main, text: 'license_file' }
        manager.parse([main, beside], { now, timeZone, server })
      },
      texts,
    ],
  ]
  const { logReader, anonymise } = manager
  if (logReader) {
    found.push([
      `${manager.name} log reader`,
      bytes => {
        const reader = logReader({ now, timeZone })
        let restored = logReader({ now, timeZone })
        for (const [i, line] of decode(bytes).split('\n').entries()) {
          reader.read(line)
          if (i % 50 !== 0) continue
          restored = logReader({ now, timeZone })
          restored.restore(JSON.parse(JSON.stringify(reader.state() ?? null)) ?? undefined)
          restored.read(line)
        }
        reader.end?.()
        restored.end?.()
      },
      logs,
    ])
  }
  if (anonymise) {
    found.push([
      `${manager.name} anonymise`,
      bytes => {
        const text = decode(bytes.subarray(0, 4000))
        manager.recognise(text)
        for (const kind of manager.texts) anonymise(text, kind)
      },
      texts,
    ])
  }
  return found
}

/** undefined = held. */
function broken(target: Target, bytes: Buffer): string | undefined {
  const limit = Math.max(1000, (bytes.length / 1_000_000) * 1000)
  for (let attempt = 1; ; attempt++) {
    const begin = performance.now()
    try {
      target(bytes)
    } catch (error) {
      if (!(error instanceof ExporterError)) return (error as Error)?.stack ?? String(error)
    }
    const took = performance.now() - begin
    if (took <= limit) return undefined
    // Once more: a busy machine is no slow parser.
    if (attempt === 2) return `took ${Math.round(took)} ms for ${bytes.length} bytes`
  }
}

let failed = false
for (const manager of Object.values(managers) as LicenseManager[]) {
  if (values.manager !== undefined && values.manager !== manager.name) continue
  for (const [name, target, seeds] of targets(manager)) {
    const share = name.endsWith('anonymise') ? Math.ceil(count / 100) : count
    const next = random(seed)
    const begin = performance.now()
    let bytesRead = 0
    let done = 0
    for (; done < share; done++) {
      const from = seeds[Math.floor(next() * seeds.length)] ?? Buffer.alloc(0)
      const bytes = mutate(from, next, seeds)
      bytesRead += bytes.length
      const why = broken(target, bytes)
      if (why === undefined) continue
      const path = join(mkdtempSync(join(tmpdir(), 'fuzz-')), 'input')
      writeFileSync(path, bytes)
      console.error(`${name}: input ${done} of seed ${seed} broke it: ${why}\nsaved: ${path}`)
      failed = true
      break
    }
    const seconds = (performance.now() - begin) / 1000
    const rate = `${Math.round(done / seconds)} a second, ${(bytesRead / 1e6 / seconds).toFixed(1)} MB/s`
    console.log(`${name}: ${done} inputs, ${failed ? 'BROKEN' : 'all held'} (${rate})`)
  }
}
process.exitCode = failed ? 1 : 0
