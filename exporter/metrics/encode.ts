import { type MetricDefinition, type MetricName, metrics, type Sample } from '../catalogue.ts'

/** Prometheus text 0.0.4, or OpenMetrics 1.0: the lines of series are the same, the heads are not. */
export type Format = 'text' | 'openmetrics'

export const contentTypes: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
}

/** Families in the order of the catalogue: the order of every exposition. */
export const families = Object.keys(metrics) as MetricName[]
export const familyIndex: ReadonlyMap<string, number> = new Map(
  families.map((name, i) => [name, i]),
)

export const endOfText: Readonly<Record<Format, string>> = { text: '', openmetrics: '# EOF\n' }

/** One string this long is flattened and encoded at once; a longer one costs more than two. */
const chunkLength = 65_536

/** The comment lines above the series of one family. */
export function familyHead(metric: MetricName, format: Format): string {
  const { kind, help } = metrics[metric] as MetricDefinition
  if (format === 'text') {
    return `# HELP ${metric} ${escapeHelp(help)}\n# TYPE ${metric} ${kind}\n`
  }
  // A counter's family has no _total, and a unit must be the end of the family's name.
  const name = kind === 'counter' ? metric.replace(/_total$/, '') : metric
  const unit = name.endsWith('_seconds') ? `# UNIT ${name} seconds\n` : ''
  return `# TYPE ${name} ${kind}\n${unit}# HELP ${name} ${escapeHelp(help).replaceAll('"', '\\"')}\n`
}

export function seriesLine({ metric, labels, value }: Sample): string {
  let text = ''
  for (const label in labels) {
    const raw = labels[label as keyof typeof labels] as string
    text += `${text === '' ? '{' : ','}${label}="${escapeValue(raw)}"`
  }
  return `${metric}${text === '' ? ' ' : `${text}} `}${number(value)}\n`
}

/** A whole exposition, family by family, in chunks of about 64 KiB. */
export function* encode(samples: Iterable<Sample>, format: Format): Generator<Uint8Array> {
  let text = ''
  for (const [metric, points] of byFamily(samples)) {
    text += familyHead(metric, format)
    for (const point of points) {
      text += seriesLine(point)
      if (text.length < chunkLength) continue
      yield Buffer.from(text)
      text = ''
    }
  }
  text += endOfText[format]
  if (text !== '') yield Buffer.from(text)
}

/** Samples grouped by family, families in the order of the catalogue. */
export function byFamily(samples: Iterable<Sample>): [MetricName, Sample[]][] {
  const groups = new Map<MetricName, Sample[]>()
  for (const sample of samples) {
    const group = groups.get(sample.metric)
    if (group) group.push(sample)
    else groups.set(sample.metric, [sample])
  }
  return families.flatMap(name => {
    const points = groups.get(name)
    return points ? [[name, points] as [MetricName, Sample[]]] : []
  })
}

/** The encoded series of one license server; `ends[i]` is where the bytes of family i end. */
export interface Fragment {
  bytes: Uint8Array
  ends: Uint32Array
  series: number
}

export function encodeFragment(samples: Iterable<Sample>): Fragment {
  const texts = new Array<string>(families.length).fill('')
  const chunks: Buffer[][] = families.map(() => [])
  let series = 0
  for (const point of samples) {
    const i = familyIndex.get(point.metric)!
    series++
    texts[i] += seriesLine(point)
    if (texts[i]!.length < chunkLength) continue
    chunks[i]!.push(Buffer.from(texts[i]!))
    texts[i] = ''
  }
  let end = 0
  const ends = Uint32Array.from(chunks, (parts, i) => {
    if (texts[i] !== '') parts.push(Buffer.from(texts[i]!))
    end += parts.reduce((sum, { length }) => sum + length, 0)
    return end
  })
  return { bytes: Buffer.concat(chunks.flat(), end), ends, series }
}

// A NUL ends the text for Prometheus' scanner, wherever it stands.
const special = /[\\"\n\0]/

function escapeValue(text: string): string {
  if (!special.test(text)) return text
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('"', '\\"')
    .replaceAll('\0', '\ufffd')
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function number(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  if (value === Number.NEGATIVE_INFINITY) return '-Inf'
  return `${value}`
}
