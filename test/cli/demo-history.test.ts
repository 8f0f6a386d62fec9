import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sessions } from '../../exporter/demo/simulation.ts'
import { site } from '../../exporter/demo/site.ts'
import { tool } from '../needs.ts'
import { program } from './program.ts'

const promtool = tool('promtool')

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'demo-history-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** What the simulation itself says was out; the log must lead to the same. */
function seatsOut(server: string, feature: string, at: number): number {
  const found = site
    .find(({ name }) => name === server)
    ?.features.find(({ name }) => name === feature)
  if (!found) throw new Error(`${server} has no ${feature}`)
  return sessions(found, at).reduce((sum, one) => sum + one.seats, 0)
}

test.skipIf(!promtool)(
  'the history of the demo becomes blocks with the series of its servers',
  async () => {
    const data = join(folder(), 'data')
    const { code, stdout, stderr } = await program(['demo', '--history', '2d', data])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`--storage.tsdb.path=${data}`)
    expect(readdirSync(data).filter(name => name.endsWith('.om'))).toEqual([])
    mkdirSync(join(data, 'wal'))
    const dump = execFileSync('promtool', ['tsdb', 'dump', data], { maxBuffer: 2 ** 28 }).toString()
    const samples = [
      ...dump.matchAll(
        /^\{__name__="license_feature_seats_checked_out", feature="([^"]+)", instance="127.0.0.1:8080", job="iosetu-license-exporter", manager="(\w+)", server="(\w+)", vendor="\w+"\} (\d+) (\d+)$/gm,
      ),
    ]
    const servers = new Set(samples.map(([, , , server]) => server))
    expect([...servers].sort()).toEqual(['cad', 'compositing', 'simulation'])
    for (const [, feature = '', , server = '', value, ms] of samples) {
      const at = Number(ms) / 1000
      expect([server, feature, at, Number(value)]).toEqual([
        server,
        feature,
        at,
        seatsOut(server, feature, at),
      ])
    }
    const times = samples.map(([, , , , , ms]) => Number(ms) / 1000)
    const spread = times.reduce((most, at) => Math.max(most, at), 0) - Math.min(...times)
    expect(spread).toBeGreaterThan(40 * 3600)
    expect(dump).toMatch(/license_feature_denials_total.*feature="drafty_render".*\} [1-9]/)
  },
  180_000,
)

test('without promtool the files stay and the lines that import them are told', async () => {
  const data = join(folder(), "it's here")
  const { code, stdout, stderr } = await program(
    ['--npm-start', '--history', '1d', '--label', 'instance=lic:1', data],
    { env: { PATH: '/nowhere' } },
  )
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'promtool is not installed or not in PATH\n',
  })
  const files = readdirSync(data)
  expect(files.length).toBeGreaterThanOrEqual(3)
  for (const name of files) {
    const text = readFileSync(join(data, name), 'utf8')
    expect(text).toContain('instance="lic:1"')
    expect(text.endsWith('# EOF\n')).toBe(true)
  }
  const line = stdout.split('\n').find(one => one.includes(files[0] as string)) as string
  const shown = execFileSync('sh', ['-c', line.replace(/^promtool /, `printf '%s\\n' `)]).toString()
  expect(shown.trimEnd().split('\n').slice(-2)).toEqual([join(data, files[0] as string), data])
}, 60_000)

test.each<[string[], RegExp]>([
  [['--history', '14d'], /--history 14d DIR/],
  [['--history', 'long', '/tmp/x'], /--history "long": write a length/],
  [['--history', '14d', '/tmp/x', '/tmp/y'], /one argument too many/],
  [['--history', '14d', '/dev/null/x'], /\/dev\/null\/x cannot be used/],
  [['--history', '1d', '--label', 'x', '/tmp/x'], /--label "x"/],
])('%j is refused with a sentence', async (args, why) => {
  const { code, stderr } = await program(['demo', ...args])
  expect(stderr).toMatch(why)
  expect(code).toBe(2)
  expect(existsSync('/tmp/x')).toBe(false)
})
