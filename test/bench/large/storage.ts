import { execFileSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type Family, families, type Size, seriesOf } from './series.ts'

/** Blocks as long as a Prometheus that keeps two weeks would have merged them. */
const blockSeconds = 18 * 3600

/** The past of a large site in the storage of a Prometheus, oldest block first. */
export function writeStorage(folder: string, storage: string, size: Size): number {
  const longest = Math.max(...families.map(({ back }) => back))
  const began = Date.now() / 1000 - longest
  let samples = 0
  for (let from = began - (began % blockSeconds); from < Date.now() / 1000; from += blockSeconds) {
    samples += writeBlock(folder, storage, size, from)
  }
  return samples
}

function writeBlock(folder: string, storage: string, size: Size, from: number): number {
  const file = join(folder, 'block.om')
  const to = openSync(file, 'w')
  // Of the last block all that there is until now: writing the others took its time.
  const now = Math.floor(Date.now() / 1000)
  const end = Math.min(now, from + blockSeconds)
  let samples = 0
  for (const family of families) {
    const at = times(family, Math.max(from, now - family.back), end)
    if (at.length === 0) continue
    for (const text of lines(family, size, at)) writeSync(to, text)
    samples += at.length * [...seriesOf(family, size)].length
  }
  writeSync(to, '# EOF\n')
  closeSync(to)
  const duration = `--max-block-duration=${blockSeconds / 3600}h`
  const args = ['tsdb', 'create-blocks-from', duration, 'openmetrics', '--quiet', file, storage]
  if (samples > 0) execFileSync('promtool', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  rmSync(file)
  return samples
}

function times({ step }: Family, from: number, end: number): number[] {
  const first = Math.ceil(from / step) * step
  return Array.from(
    { length: Math.max(0, Math.ceil((end - first) / step)) },
    (_, i) => first + i * step,
  )
}

function* lines(family: Family, size: Size, at: readonly number[]): Generator<string> {
  const { name, kind, value } = family
  yield `# TYPE ${kind === 'counter' ? name.replace(/_total$/, '') : name} ${kind}\n`
  let text = ''
  for (const [series, s, f] of seriesOf(family, size)) {
    for (const t of at) text += `${series} ${value(s, f, t)} ${t}\n`
    if (text.length < 1 << 20) continue
    yield text
    text = ''
  }
  yield text
}

/** What the site tells now, as one scrape. */
export function exposition(size: Size, at: number): { text: string; series: number } {
  let text = ''
  let series = 0
  for (const family of families) {
    if (family.recorded) continue
    for (const [one, s, f] of seriesOf(family, size, true)) {
      text += `${one} ${family.value(s, f, at)}\n`
      series++
    }
  }
  return { text, series }
}
