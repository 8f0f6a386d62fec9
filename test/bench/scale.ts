import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Row } from './row.ts'

const child = fileURLToPath(new URL('./scale-child.ts', import.meta.url))
const run = promisify(execFile)

interface Measured {
  series: number
  scraped: number
  alone: number
  /** After garbage collection, what lies outside the heap included; bytes. */
  retained: number
  rss: number
  peak: number
}

/** 1,000 license servers of 20 features in one process: memory, its growth, CPU a minute. */
export async function bench({ small }: { small: boolean }): Promise<Row[]> {
  const [few, some, many] = small ? [10, 50, 200] : [10, 250, 1000]
  const measured: Measured[] = []
  for (const count of [few, some, many]) measured.push(await measure(count!))
  const [first, middle, last] = measured as [Measured, Measured, Measured]
  const mb = (bytes: number) => `${Math.round(bytes / 1e6)} MB`
  const size = `${many} servers × 20 features, ${last.series} series`
  const minute = `one round of readings and what is scraped with it, scaled to ${many} servers a minute`
  // What is kept, not the peak: that has garbage in it, of which V8 lets collect up to a limit.
  const early = (middle.retained - first.retained) / (some! - few!)
  const late = (last.retained - middle.retained) / (many! - some!)
  return [
    {
      name: `${size}: peak RSS of 512 MB`,
      ratio: last.peak / 512e6,
      // The limit is the claim itself: no slack on top of it.
      goal: 0.5,
      detail: `${mb(last.peak)}, ${mb(last.rss)} at rest, ${mb(first.peak)} with ${few} servers`,
    },
    {
      name: `growth of memory a server up to ${many}, of that up to ${some}`,
      ratio: late / early,
      goal: 1.2,
      detail: `${(late / 1000).toFixed(0)} kB a server kept; peak RSS ${measured.map(({ peak }) => mb(peak)).join(', ')}`,
    },
    {
      name: `${size}: CPU with nobody scraping, of one core`,
      ratio: last.alone / 60_000,
      goal: 0.02,
      detail: `${last.alone.toFixed(0)} ms a minute; ${minute}; the tools' own CPU is not in it`,
    },
    {
      name: `${size}: CPU with a scrape every 15 s, of one core`,
      ratio: last.scraped / 60_000,
      goal: 0.04,
      detail: `${last.scraped.toFixed(0)} ms a minute; ${minute}`,
    },
  ]
}

async function measure(count: number): Promise<Measured> {
  const { stdout } = await run(process.execPath, ['--expose-gc', child, String(count)])
  return JSON.parse(stdout) as Measured
}
