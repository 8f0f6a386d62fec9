import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { withProgram } from './program.ts'
import type { Row } from './row.ts'

const servers = 100
const scrapeEvery = 15_000

interface Use {
  /** Bytes that are resident. */
  rss: number
  /** Milliseconds of CPU since the start. */
  cpu: number
}

/** What 100 license servers cost while nothing happens but readings each minute and scrapes. */
export async function bench({ small }: { small: boolean }): Promise<Row[]> {
  if (!existsSync('/proc/self/stat')) {
    console.log('rest: skipped: there is no /proc on this system')
    return []
  }
  const bare = await nodeAlone()
  const minutes = small ? 1 : 3
  const { before, after } = await withProgram(servers, async ({ child, metrics }) => {
    await setTimeout(5000)
    const before = useOf(child)
    for (let i = 0; i < (minutes * 60_000) / scrapeEvery; i++) {
      await setTimeout(scrapeEvery)
      await metrics()
    }
    return { before, after: useOf(child) }
  })
  const minute = (after.cpu - before.cpu) / minutes
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`
  return [
    {
      name: `${servers} servers × 20 features at rest: RSS, of node alone`,
      ratio: after.rss / bare.rss,
      goal: 2.9,
      detail: `${mb(after.rss)} (claim: 120 MB), ${mb(before.rss)} after the start, node alone ${mb(bare.rss)}`,
    },
    {
      name: `${servers} servers at rest: CPU a minute, of a start of node alone`,
      ratio: minute / bare.cpu,
      goal: 15,
      // The system counts in 10 ms, of which a start of node alone has three or four.
      printed: true,
      detail: `${minute.toFixed(0)} ms with a scrape every 15 s, ${(minute / 600).toFixed(2)} % of a core (claim: 1 %)`,
    },
  ]
}

async function nodeAlone(): Promise<Use> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  const exit = once(child, 'exit')
  await setTimeout(1000)
  const use = useOf(child)
  child.kill()
  await exit
  return use
}

function useOf({ pid }: ChildProcess): Use {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const ticks = stat.slice(stat.lastIndexOf(')')).split(' ')
  return {
    rss: Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024,
    // In hundredths of a second on every Linux.
    cpu: (Number(ticks[12]) + Number(ticks[13])) * 10,
  }
}
