import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type MetricName, metrics, type Sample, sample } from '../exporter/catalogue.ts'
import { createFeatureMap } from '../exporter/feature-map.ts'
import { encode, encodeFragment, families } from '../exporter/metrics/encode.ts'
import { createProducer } from '../exporter/metrics/producer.ts'
import { type SampleContext, samples, samplesOf } from '../exporter/metrics/samples.ts'
import { createNames } from '../exporter/privacy.ts'
import { fixtures, parseFixture } from './fixtures.ts'
import { answered, anyServerState, now } from './server-state.ts'

const names = createNames({ users: 'plain', hosts: 'plain' })
const context: SampleContext = {
  features: createFeatureMap([{ feature: 'd*', product: 'Draw "2D"' }]),
  checkouts: { names, max: 5 },
}

const text = (all: Iterable<Sample>, format: 'text' | 'openmetrics' = 'text') =>
  Buffer.concat([...encode(all, format)]).toString()

/** What OpenTelemetry's own serializer makes of the points that its producer interface gives. */
async function oracle(all: Iterable<Sample>): Promise<string> {
  const producer = createProducer({
    samples: () => all,
    version: '0.0.0',
    startedAt: now,
    now: () => now,
  })
  const { resourceMetrics } = await producer.collect()
  return new PrometheusSerializer('', false, undefined, true, true).serialize(resourceMetrics)
}

/** The unit line is OpenTelemetry's own, and blank lines mean nothing. */
const normal = (exposition: string) =>
  exposition.split('\n').filter(line => line !== '' && !line.startsWith('# UNIT '))

describe('our text is that of PrometheusSerializer', () => {
  test('for every generated server', async () => {
    await fc.assert(
      fc.asyncProperty(anyServerState, async server => {
        const all = [...samplesOf(server, context, now)]
        expect(normal(text(all))).toEqual(normal(await oracle(all)))
      }),
      { numRuns: 200 },
    )
  })

  test('for every metric of the catalogue, odd label values and odd numbers', async () => {
    const odd = fc.constantFrom(
      '',
      'ü',
      'x"y',
      'a\\b',
      'n\nl',
      '山',
      't\tb',
      'a,b={c}',
      '\r',
      '\\n',
    )
    const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer())
    const point = fc
      .tuple(fc.constantFrom(...families), fc.infiniteStream(odd), value)
      .map(([metric, values, number]) => {
        const labels = metrics[metric].labels.map(label => [label, values.next().value])
        return sample<MetricName>(metric, Object.fromEntries(labels), number)
      })
    await fc.assert(
      fc.asyncProperty(fc.array(point, { minLength: 1, maxLength: 40 }), async all => {
        expect(normal(text(all))).toEqual(normal(await oracle(all)))
      }),
      { numRuns: 300 },
    )
  })

  test('for every fixture', async () => {
    for (const one of fixtures().filter(({ throws }) => !throws)) {
      const server = answered(parseFixture(one), { manager: one.manager }, one.now)
      const all = [...samples({ servers: new Map([['cad', server]]) }, context, one.now)]
      expect(normal(text(all)), one.folder).toEqual(normal(await oracle(all)))
    }
  })
})

describe('text', () => {
  const info = sample(
    'license_server_info',
    { server: 'a"b\\c\nd\0e', manager: 'flexlm', version: 'v11' },
    1,
  )

  test('escapes quotes, backslashes and ends of lines, and holds no NUL', () => {
    expect(text([info])).toBe(
      '# HELP license_server_info Version of the license server (of the master in a triad); always 1.\n' +
        '# TYPE license_server_info gauge\n' +
        'license_server_info{server="a\\"b\\\\c\\nd\ufffde",manager="flexlm",version="v11"} 1\n',
    )
  })

  test('names infinities as Prometheus does', () => {
    const series = (value: number) => text([sample('license_exporter_series', {}, value)])
    expect(series(Number.POSITIVE_INFINITY)).toContain('license_exporter_series +Inf\n')
    expect(series(Number.NEGATIVE_INFINITY)).toContain('license_exporter_series -Inf\n')
  })

  test('comes in chunks of bounded size', () => {
    const many = Array.from({ length: 5000 }, (_, i) =>
      sample('license_server_up', { server: `server-${i}`, manager: 'flexlm' }, 1),
    )
    const chunks = [...encode(many, 'text')]
    expect(chunks.length).toBeGreaterThan(3)
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThan(70_000)
  })
})

describe('OpenMetrics', () => {
  test('a counter family has no _total, its series has', () => {
    const cpu = sample('process_cpu_seconds_total', {}, 1.5)
    expect(text([cpu], 'openmetrics')).toBe(
      '# TYPE process_cpu_seconds counter\n' +
        '# UNIT process_cpu_seconds seconds\n' +
        '# HELP process_cpu_seconds CPU time spent in user and system mode.\n' +
        'process_cpu_seconds_total 1.5\n' +
        '# EOF\n',
    )
  })

  test('a unit is told only where the name ends in it', () => {
    const all = families.map(metric => {
      const labels = metrics[metric].labels.map(label => [label, 'x'])
      return sample<MetricName>(metric, Object.fromEntries(labels), 1)
    })
    const units = text(all, 'openmetrics').match(/^# UNIT .*$/gm) ?? []
    expect(units.length).toBeGreaterThan(5)
    for (const line of units) expect(line).toMatch(/^# UNIT \w+_seconds seconds$/)
  })
})

test('a fragment holds the same lines, family by family', () => {
  fc.assert(
    fc.property(anyServerState, server => {
      const all = [...samplesOf(server, context, now)]
      const { bytes, ends, series } = encodeFragment(all)
      expect(series).toBe(all.length)
      expect(Buffer.from(bytes).toString()).toBe(
        text(all)
          .split('\n')
          .filter(line => !line.startsWith('# '))
          .join('\n'),
      )
      const first = Buffer.from(bytes.subarray(0, ends[families.indexOf('license_server_up')]))
      expect(first.toString()).toMatch(/^(license_server_up.*\n)*$/)
    }),
  )
})
