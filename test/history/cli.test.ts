import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { managers } from '../../exporter/managers/index.ts'

const runner = fileURLToPath(new URL('./run-command.ts', import.meta.url))
const hasReader = 'logReader' in managers.flexlm

function command(name: 'backfill' | 'report', ...args: string[]) {
  return spawnSync(process.execPath, [runner, name, ...args], { encoding: 'utf8' })
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'cli-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const older = `12:00:00 (lmgrd) FLEXnet Licensing (v11.16.2.0) started on lic1 (linux) (6/8/2024)
12:00:00 (adskflex) TIMESTAMP 6/8/2024
12:00:10 (adskflex) OUT: "ACAD" ann@pc01
23:59:50 (adskflex) OUT: "ACAD" kanarienvogel@pc02  (2 licenses)
0:00:10 (adskflex) IN: "ACAD" ann@pc01
0:10:00 (adskflex) DENIED: "ACAD" bob@pc03  (Licensed number of users already reached. (-4,342))
`
const newer = `0:20:00 (adskflex) IN: "ACAD" kanarienvogel@pc02  (2 licenses)
0:30:00 (adskflex) TIMESTAMP 6/9/2024
1:00:00 (adskflex) OUT: "ACAD" ann@pc01
2:00:00 (adskflex) IN: "ACAD" ann@pc01
`

function logs(): { dir: string; files: string[] } {
  const dir = folder()
  writeFileSync(join(dir, 'debug.log'), newer)
  writeFileSync(join(dir, 'debug.log.1.gz'), gzipSync(older))
  return { dir, files: [join(dir, 'debug.log'), join(dir, 'debug.log.1.gz')] }
}

describe.skipIf(!hasReader)(
  hasReader ? 'FlexLM debug logs' : 'skipped: this build has no reader of FlexLM logs',
  () => {
    test('report tells what each feature needed', () => {
      const { files } = logs()
      const { stdout, stderr, status } = command(
        'report',
        '--manager',
        'flexlm',
        '--timezone',
        'UTC',
        '--format',
        'json',
        ...files,
      )
      expect([status, stderr]).toEqual([0, ''])
      expect(JSON.parse(stdout).features).toEqual([
        {
          vendor: 'adskflex',
          feature: 'ACAD',
          peak: 3,
          peak_at: '2024-06-08T23:59:50Z',
          p99: 2,
          p95: 1,
          mean: expect.closeTo(1.01, 1),
          hours_at_or_above: [
            { seats: 1, hours: expect.closeTo(13.331, 2) },
            { seats: 2, hours: expect.closeTo(0.336, 2) },
            { seats: 3, hours: expect.closeTo(0.006, 2) },
          ],
          denials: 1,
          denials_by_reason: { no_seats: 1 },
          checkouts: 3,
        },
      ])
    })

    test('text and csv say the same and no name of a person', () => {
      const { files } = logs()
      for (const format of ['text', 'csv']) {
        const { stdout, status } = command(
          'report',
          '--manager',
          'flexlm',
          '--timezone',
          'UTC',
          '--seats',
          '2',
          '--format',
          format,
          ...files,
        )
        expect(status).toBe(0)
        expect(stdout).toMatch(/ACAD[ ,]+3[ ,]+2[ ,]+1[ ,]/)
        expect(stdout).not.toMatch(/kanarienvogel|ann/)
      }
    })

    test('--from, --to and --workdays narrow it', () => {
      const { files } = logs()
      const report = (...args: string[]) =>
        JSON.parse(
          command(
            'report',
            '--manager',
            'flexlm',
            '--timezone',
            'UTC',
            '--format',
            'json',
            ...args,
            ...files,
          ).stdout,
        ).features[0]
      expect(report('--from', '2024-06-09 00:15', '--to', '2024-06-09T00:20:00Z').peak).toBe(2)
      // A Saturday and a Sunday.
      expect(report('--workdays')).toMatchObject({ peak: 0, denials: 0 })
    })

    test('backfill writes one file a month and the promtool line', () => {
      const { dir, files } = logs()
      const { stdout, stderr, status } = command(
        'backfill',
        '--manager',
        'flexlm',
        '--server',
        'cad',
        '--output',
        dir,
        '--timezone',
        'UTC',
        '--label',
        'instance=exporter:8080',
        ...files,
      )
      expect([status, stderr]).toEqual([0, ''])
      expect(readdirSync(dir).filter(name => name.endsWith('.om'))).toEqual(['cad-2024-06.om'])
      const text = readFileSync(join(dir, 'cad-2024-06.om'), 'utf8')
      const labels =
        '{server="cad",manager="flexlm",vendor="adskflex",feature="ACAD",job="iosetu-license-exporter",instance="exporter:8080"}'
      expect(text).toContain(
        `license_feature_seats_checked_out${labels} 3 ${Date.UTC(2024, 5, 9) / 1000}\n`,
      )
      expect(text).toContain(
        `license_feature_checkouts_total${labels} 3 ${Date.UTC(2024, 5, 9, 2) / 1000}\n`,
      )
      expect(text.endsWith('# EOF\n')).toBe(true)
      expect(text).not.toMatch(/kanarienvogel/)
      expect(stdout).toContain(
        `promtool tsdb create-blocks-from openmetrics --max-block-duration=744h '${join(dir, 'cad-2024-06.om')}' `,
      )
    })

    test('the same log twice counts once', () => {
      const { files } = logs()
      const copy = join(folder(), 'copy.log')
      writeFileSync(copy, newer)
      const { stdout, stderr } = command(
        'report',
        '--manager',
        'flexlm',
        '--timezone',
        'UTC',
        '--format',
        'json',
        copy,
        ...files,
      )
      expect(JSON.parse(stdout).features[0].checkouts).toBe(3)
      expect(stderr).toContain('is a copy of another one: read once')
    })
  },
)

describe.skipIf(!hasReader)('a wrong command line is a sentence', () => {
  test.each<[string, string[], RegExp]>([
    ['no manager', ['report', '/dev/null'], /--manager is one of: flexlm/],
    ['no file', ['report', '--manager', 'flexlm'], /name at least one log file/],
    [
      'an unknown format',
      ['report', '--manager', 'flexlm', '--format', 'xml', runner],
      /--format is one of/,
    ],
    ['a folder', ['report', '--manager', 'flexlm', tmpdir()], /is a folder/],
    [
      'a zone that is none',
      ['report', '--manager', 'flexlm', '--timezone', 'Mars', runner],
      /--timezone "Mars"/,
    ],
    [
      'a date that is none',
      ['report', '--manager', 'flexlm', '--from', 'May', runner],
      /--from "May"/,
    ],
    [
      'a wrong step',
      [
        'backfill',
        '--manager',
        'flexlm',
        '--server',
        'a',
        '--output',
        '/tmp',
        '--step',
        '0',
        runner,
      ],
      /--step "0"/,
    ],
    [
      'a manager whose log tells no checkouts',
      ['report', '--manager', 'sesinetd', runner],
      /peaks of product groups and no checkouts/,
    ],
    [
      'a wrong label',
      [
        'backfill',
        '--manager',
        'flexlm',
        '--server',
        'a',
        '--output',
        '/tmp',
        '--label',
        'x',
        runner,
      ],
      /--label "x"/,
    ],
    [
      'an own label',
      [
        'backfill',
        '--manager',
        'flexlm',
        '--server',
        'a',
        '--output',
        '/tmp',
        '--label',
        'vendor=x',
        runner,
      ],
      /--label vendor/,
    ],
  ])('%s', (_, [name, ...args], why) => {
    const { stderr, status } = command(name as 'report', ...args)
    expect(stderr).toMatch(why)
    expect(status).toBe(2)
  })

  test('a log of something else', () => {
    const { stderr, status } = command('report', '--manager', 'flexlm', runner)
    expect(stderr).toMatch(/no line of a FlexLM .* log in it/)
    expect(status).toBe(1)
  })
})
