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
    const all = await prometheus.query(interpolate(expr, values, times))
    const one = await prometheus.query(
      interpolate(expr, { ...values, instance: [demo, odd] }, times),
    )
    const [a, b] = [text(all), text(one)]
    results.check(a === b, `${where} is the same with a second exporter: ${a} and ${b}`)
  }
}

/** Rounded: the two exporters are not read at the same moment. */
function text(vectors: readonly Vector[]): string {
  return vectors
    .map(({ metric, value }) => `${JSON.stringify(metric)} ${Math.round(Number(value?.[1]) / 10)}`)
    .sort()
    .join('\n')
}
