import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ExporterError } from '../exporter/errors.ts'
import { readState } from '../exporter/self-license/state-file.ts'
import { eventLog, folder } from './events/support.ts'

/** What each version left in its state_dir when it ended; a version that changes a format adds one. */
const written = new URL('./fixtures/state/', import.meta.url)
const versions = readdirSync(written)

function stateOf(version: string): string {
  const stateDir = folder()
  cpSync(new URL(version, written), stateDir, { recursive: true })
  return stateDir
}

/** As a version to come would write it: the same with a higher format. */
function raise(file: string, format: RegExp): void {
  const text = readFileSync(file, 'utf8')
  expect(text).toMatch(format)
  writeFileSync(
    file,
    text.replace(format, (_, name) => `${name}99`),
  )
}

describe.each(versions)('state of version %s', version => {
  test('is all read: events, what was announced, positions in logs', async () => {
    const { log, logged, counts } = await eventLog({ stateDir: stateOf(version) })
    expect(log.recent().map(({ event }) => event)).toEqual(
      expect.arrayContaining(['license.missing', 'license_pool.baseline']),
    )
    expect(log.restored.announced).toMatchObject({
      '': { problem: { state: 'missing' } },
      cad: { server: { state: 'up' }, 'daemon\ncadlmd': { state: 'up' } },
    })
    expect(log.restored.positions).toHaveProperty('cad')
    expect(JSON.stringify(log.restored.positions)).toContain('/var/log/cad.log')
    expect(logged.filter(line => line.includes('WARN'))).toEqual([])
    expect(counts.dropped).toEqual({})
  })

  test('of the own license is read', async () => {
    const { state } = await readState(stateOf(version))
    expect(state?.guard.state).toBe('unlicensed')
  })
})

describe('state of a newer version is refused with a sentence', () => {
  const newest = versions.at(-1) as string

  test.each([
    ['what was announced', 'events-state.json', /^(\{"version":)1/],
    ['the spool', 'spool/00000001.log', /^(\{"spool":)1/],
  ])('%s', async (_, name, format) => {
    const stateDir = stateOf(newest)
    raise(join(stateDir, name), format)
    const before = readFileSync(join(stateDir, name))
    await expect(eventLog({ stateDir })).rejects.toThrow(
      expect.objectContaining({
        constructor: ExporterError,
        code: 'config',
        message: expect.stringMatching(
          /was written by a newer version of the exporter \(format 99, this one reads 1\): run that version, or move/,
        ),
      }),
    )
    expect(readFileSync(join(stateDir, name)).equals(before), 'it is left as it was').toBe(true)
  })

  // A product that embeds the monitor must not stay down for it.
  test('the own license: not used, and said', async () => {
    const stateDir = stateOf(newest)
    raise(join(stateDir, 'own-license.json'), /^(\{"version":)1/)
    expect(await readState(stateDir)).toEqual({
      state: undefined,
      problem: expect.stringMatching(
        /was written by a newer version \(format 99, this one reads 1\)$/,
      ),
    })
  })
})
