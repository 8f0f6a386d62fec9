import { setTimeout as sleep } from 'node:timers/promises'
import type { checks } from './checks.ts'
import { asked, interpolate, type Times } from './expressions.ts'
import type { Prometheus, Vector } from './prometheus.ts'

/**
 * A second exporter of the same license servers and a second job on /health change no number of the
 * Overview but those that count exporters.
 */
export async function same(
  prometheus: Prometheus,
  values: Readonly<Record<string, readonly string[] | string>>,
  times: Times,
  { demo, odd }: { demo: string; odd: string },
  results: ReturnType<typeof checks>,
): Promise<void> {
  const countsExporters = /^overview\/1[01] /
  for (const { where, expr } of asked(['overview'])) {
    if (countsExporters.test(where)) continue
    const ask = async (instance: readonly string[] | string) =>
      text(await prometheus.query(interpolate(expr, { ...values, instance }, times)))
    let [a, b] = ['', ' ']
    // The exporters are not read, and not scraped, at the same moment.
    for (let left = 5; a !== b && left > 0; left--) {
      if (left < 5) await sleep(2000)
      a = await ask('.+')
      b = await ask([demo, odd])
    }
    results.check(a === b, `${where} is the same with a second exporter: ${a} and ${b}`)
  }
}

/** Rounded: the two exporters are not read at the same moment. */
function text(vectors: readonly Vector[]): string {
  return vectors
    .map(({ metric, value }) => `${JSON.stringify(metric)} ${Math.round(Number(value?.[1]) / 10)}`)
    .sort()
    .join('; ')
}
