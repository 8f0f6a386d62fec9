import { describe, expect, test } from 'vitest'
import { events } from '../exporter/catalogue.ts'
import { seriesLine } from '../exporter/metrics/encode.ts'
import { createInstruments } from '../exporter/metrics/instruments.ts'
import { createProcessSamples } from '../exporter/metrics/process.ts'

describe('what counts inside the exporter', () => {
  test('starts at 0 for every label set known at start', async () => {
    const all = await createInstruments().samples()
    expect(all.every(({ value }) => value === 0)).toBe(true)
    const told = all.map(one => seriesLine(one).trimEnd())
    for (const event of Object.keys(events)) {
      expect(told).toContain(`license_exporter_events_total{event="${event}"} 0`)
    }
    for (const reason of ['size', 'age', 'disk', 'queue', 'corrupt']) {
      expect(told).toContain(`license_exporter_events_dropped_total{reason="${reason}"} 0`)
    }
    for (const signal of ['metrics', 'logs']) {
      for (const reason of ['timeout', 'refused', 'status', 'partial', 'tls']) {
        expect(told).toContain(
          `license_exporter_otlp_export_errors_total{signal="${signal}",reason="${reason}"} 0`,
        )
      }
    }
    expect(told).toContain('license_exporter_http_auth_failures_total 0')
    expect(told).toContain('license_exporter_http_rate_limited_total 0')
  })

  test('counts', async () => {
    const instruments = createInstruments()
    instruments.event('license_server.down')
    instruments.event('license_server.down')
    instruments.eventsDropped('age', 3)
    instruments.otlpError('logs', 'timeout')
    instruments.httpRequest('/metrics', 'GET', 200)
    instruments.authFailure()
    instruments.rateLimited()
    const counted = (await instruments.samples()).filter(({ value }) => value > 0)
    expect(counted.map(one => seriesLine(one).trimEnd())).toEqual([
      'license_exporter_events_total{event="license_server.down"} 2',
      'license_exporter_events_dropped_total{reason="age"} 3',
      'license_exporter_otlp_export_errors_total{signal="logs",reason="timeout"} 1',
      'license_exporter_http_requests_total{route="/metrics",method="GET",code="200"} 1',
      'license_exporter_http_auth_failures_total 1',
      'license_exporter_http_rate_limited_total 1',
    ])
    await instruments.shutdown()
  })
})

test('the process tells its CPU, memory, files and lag', () => {
  const processSamples = createProcessSamples({ version: '1.2.3', mode: 'demo' })
  const all = new Map([...processSamples()].map(one => [one.metric, one.value]))
  const value = (name: Parameters<typeof all.get>[0]) => all.get(name) ?? Number.NaN
  expect(value('process_cpu_seconds_total')).toBeCloseTo(
    value('process_cpu_user_seconds_total') + value('process_cpu_system_seconds_total'),
  )
  expect(value('process_resident_memory_bytes')).toBeGreaterThan(1e6)
  expect(value('nodejs_heap_size_used_bytes')).toBeLessThan(value('process_resident_memory_bytes'))
  expect(Math.abs(value('process_start_time_seconds') - Date.now() / 1000)).toBeLessThan(600)
  expect(value('nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0)
  if (process.platform === 'linux') {
    expect(value('process_open_fds')).toBeGreaterThan(2)
    expect(value('process_max_fds')).toBeGreaterThan(value('process_open_fds'))
  }
})
