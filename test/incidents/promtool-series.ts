import type { Sample } from '../../exporter/catalogue.ts'

/** Values of many series, step by step, as `input_series` of promtool. */
export interface Recorder {
  /** All that one scrape gave; what an earlier one gave and this one does not goes stale, as in life. */
  scrape(samples: Iterable<Pick<Sample, 'value'> & { metric: string; labels: object }>): void
  /** What was scraped so far. */
  series(): { series: string; values: string }[]
}

interface Track {
  words: string[]
  value: number
  /** Steps in a row with this value. */
  times: number
  /** The step after the last one with a value. */
  next: number
}

/** @param target labels that a scrape adds; @param wanted names of the series to keep */
export function record(
  target: Readonly<Record<string, string>>,
  wanted: ReadonlySet<string>,
): Recorder {
  const tracks = new Map<string, Track>()
  let step = 0

  function add(key: string, value: number): void {
    const track = tracks.get(key)
    if (!track) {
      tracks.set(key, { words: gap(step), value, times: 1, next: step + 1 })
    } else if (track.next === step && Object.is(track.value, value)) {
      track.times++
      track.next++
    } else {
      const missing = step - track.next
      track.words.push(run(track))
      if (missing > 0) track.words.push('stale', ...gap(missing - 1))
      Object.assign(track, { value, times: 1, next: step + 1 })
    }
  }

  return {
    scrape(samples) {
      for (const { metric, labels, value } of samples) {
        if (wanted.has(metric)) add(`${metric}{${selector({ ...target, ...labels })}}`, value)
      }
      step++
    },
    series() {
      return [...tracks].map(([series, track]) => {
        const ended = track.next < step ? ['stale'] : []
        return { series, values: [...track.words, run(track), ...ended].join(' ') }
      })
    },
  }
}

/** `5+0x11`: twelve times the same. */
function run({ value, times }: Track): string {
  return `${value}+0x${times - 1}`
}

function gap(steps: number): string[] {
  return steps > 0 ? [`_x${steps}`] : []
}

function selector(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ')
}
