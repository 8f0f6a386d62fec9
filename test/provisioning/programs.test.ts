import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { nginxProgram } from '../http/nginx.ts'
import { tool } from '../needs.ts'

/** Every shipped configuration, checked by the program that reads it. */
const root = fileURLToPath(new URL('../..', import.meta.url))
const shipped = (path: string) => join(root, 'provisioning', path)
const text = (path: string) => readFileSync(shipped(path), 'utf8')

function run(program: string, args: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
  return { status, said: `${stdout}${stderr}` }
}

/** A copy with one thing changed, which its program must refuse. */
function broken(path: string, from: string, to: string): string {
  const before = text(path)
  if (!before.includes(from)) throw new Error(`${path} does not say ${from}`)
  const copy = join(mkdtempSync(join(tmpdir(), 'broken-')), path.replaceAll('/', '-'))
  writeFileSync(copy, before.replace(from, to))
  return copy
}

function fromEnvironment(name: string, what: string): string | undefined {
  const path = process.env[name]
  if (path && existsSync(path)) return path
  console.log(`skipped: ${name} names no ${what}; its configuration is checked by its text alone`)
  return undefined
}

const promtool = tool('promtool')
describe.skipIf(!promtool)('promtool check config', () => {
  test.each(['prometheus.yml', 'prometheus-health.yml'])('takes %s with all rules', name => {
    const { status, said } = run(promtool!, ['check', 'config', shipped(`prometheus/${name}`)])
    expect(said).toContain('is valid prometheus config file syntax')
    expect(said).toMatch(/recording\.rules\.yml[\s\S]*SUCCESS: \d+ rules found/)
    expect(status, said).toBe(0)
  })

  test('refuses a wrong key', () => {
    const file = broken('prometheus/prometheus.yml', 'scrape_timeout', 'scrape_timeouts')
    expect(run(promtool!, ['check', 'config', file]).status).not.toBe(0)
  })
})

const collector = fromEnvironment('OTELCOL_BIN', 'OpenTelemetry Collector')
const files = ['collector.yaml', 'collector-push.yaml', 'collector-logs.yaml']
describe.skipIf(!collector)('otelcol validate', () => {
  test.each(files)('takes %s', name => {
    const { status, said } = run(collector!, [
      'validate',
      `--config=${shipped(`otel-collector/${name}`)}`,
    ])
    expect(status, said).toBe(0)
  })

  test('refuses an unknown component and a wrong key', () => {
    const of = (from: string, to: string) =>
      run(collector!, ['validate', `--config=${broken('otel-collector/collector.yaml', from, to)}`])
    expect(of('otlp_http/loki:', 'otlp_htp/loki:').status).not.toBe(0)
    expect(of('limit_mib', 'limit_mibs').status).not.toBe(0)
  })
})

const loki = fromEnvironment('LOKI_BIN', 'Loki')
describe.skipIf(!loki)('loki -verify-config', () => {
  const verify = (file: string) =>
    run(loki!, [`-config.file=${file}`, '-config.expand-env=true', '-verify-config'])

  test('takes loki.yaml', () => {
    const { status, said } = verify(shipped('loki/loki.yaml'))
    expect(status, said).toBe(0)
  })

  test('refuses a wrong key', () => {
    expect(
      verify(broken('loki/loki.yaml', 'http_listen_port', 'http_listen_ports')).status,
    ).not.toBe(0)
  })

  // A wrong key among the limits is no error to Loki: so what it made of them is read.
  test('keeps events for 90 days and takes their attributes', () => {
    const file = shipped('loki/loki.yaml')
    const args = [`-config.file=${file}`, '-config.expand-env=true', '-verify-config']
    const { said } = run(loki!, [...args, '-print-config-stderr'])
    expect(said).toMatch(/^ +retention_period: 90d$/m)
    expect(said).toMatch(/^ +allow_structured_metadata: true$/m)
    expect(said).toMatch(/^ +retention_enabled: true$/m)
  })
})

describe.skipIf(!nginxProgram)('nginx -t', () => {
  test('takes the configuration of the compose file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'compose-nginx-'))
    const pair = ['-keyout', join(folder, 'k'), '-out', join(folder, 'c')]
    const made = run('openssl', [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=x',
      ...pair,
    ])
    expect(made.status, made.said).toBe(0)
    const site = text('compose/nginx.conf')
      .replaceAll(/ssl_certificate [^;]+;/g, `ssl_certificate ${folder}/c;`)
      .replaceAll(/ssl_certificate_key [^;]+;/g, `ssl_certificate_key ${folder}/k;`)
    writeFileSync(join(folder, 'site.conf'), site)
    const main = join(folder, 'nginx.conf')
    writeFileSync(
      main,
      `pid ${folder}/pid;\nerror_log stderr;\nevents {}\nhttp { access_log off; include ${folder}/site.conf; }\n`,
    )
    const { status, said } = run(nginxProgram!, ['-t', '-c', main])
    expect(said).toContain('test is successful')
    expect(status).toBe(0)
  })
})

test('license-exporter takes its configuration of the compose file', () => {
  const program = join(root, 'exporter', 'start.mjs')
  const args = [program, 'check-config', shipped('compose/license-exporter.toml')]
  const { status, said } = run(process.execPath, args)
  expect(status, said).toBe(0)
})

const docker = tool('docker')
const compose = docker && run(docker, ['compose', 'version']).status === 0
if (docker && !compose)
  console.log('skipped: docker has no compose; the file is read by its text alone')
describe.skipIf(!compose)('docker compose config', () => {
  test('takes the compose file', () => {
    const { status, said } = run(docker!, [
      'compose',
      '-f',
      shipped('compose/compose.yaml'),
      'config',
      '--quiet',
    ])
    expect(status, said).toBe(0)
  })
})
