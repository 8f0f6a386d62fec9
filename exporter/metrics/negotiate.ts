import type { Format } from './encode.ts'

interface Range {
  type: string
  parameters: Map<string, string>
  q: number
}

/** OpenMetrics only for who names it and does not like text more; all others get text 0.0.4. */
export function negotiateFormat(accept: string | undefined): Format {
  const ranges = parse(accept ?? '*/*')
  const open = ranges
    .filter(({ type }) => type === 'application/openmetrics-text')
    .filter(({ parameters }) => (parameters.get('version') ?? '1.0.0') === '1.0.0')
  const text = ['text/plain', 'text/*', '*/*']
    .map(type => ranges.filter(range => range.type === type))
    .find(found => found.length > 0)
  const best = most(open)
  return best > 0 && best >= most(text ?? []) ? 'openmetrics' : 'text'
}

export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  const ranges = parse(acceptEncoding ?? '')
  const q = (name: string): number | undefined => ranges.find(({ type }) => type === name)?.q
  const gzip = q('gzip') ?? q('x-gzip') ?? q('*') ?? 0
  return gzip > 0 && gzip >= (q('identity') ?? 0)
}

function parse(header: string): Range[] {
  return header
    .toLowerCase()
    .split(',')
    .map(part => {
      const [type = '', ...rest] = part.split(';').map(text => text.trim())
      const parameters = new Map(
        rest.map(one => {
          const [name = '', value = ''] = one.split('=').map(text => text.trim())
          return [name, value.replace(/^"(.*)"$/, '$1')]
        }),
      )
      const q = Number(parameters.get('q') ?? 1)
      return { type, parameters, q: q >= 0 && q <= 1 ? q : 0 }
    })
    .filter(({ type }) => type !== '')
}

function most(ranges: readonly Range[]): number {
  return Math.max(0, ...ranges.map(({ q }) => q))
}
