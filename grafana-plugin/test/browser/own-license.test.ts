import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { APP, useBrowser, visitor } from './open.mts'
import { faketime, type Program, startLicensed, startPrometheus } from './programs.mts'

useBrowser()

const states = ['valid', 'expiring', 'grace', 'over', 'unlicensed'] as const

describe.skipIf(inject('world').skipped)('the IOSetu license page', () => {
  const exporters = new Map<string, Program>()
  let prometheus: Program
  let folder: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'license-app-clock-'))
    for (const state of states) exporters.set(state, await startLicensed(state))
    if (faketime) {
      const clock = join(folder, 'clock')
      writeFileSync(clock, '+0')
      const env = {
        LD_PRELOAD: faketime,
        FAKETIME_TIMESTAMP_FILE: clock,
        FAKETIME_NO_CACHE: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      }
      exporters.set('clock', await startLicensed('valid', env))
    }
    const urls = [...exporters.values()].map(one => one.url)
    prometheus = await startPrometheus(urls, 'iosetu_license_state')
    // Once the first reading is in Prometheus: the step is told by the next check, within 15 s.
    if (faketime) writeFileSync(join(folder, 'clock'), '-2h')
  })

  afterAll(async () => {
    await Promise.all([...exporters.values(), prometheus].map(one => one?.close()))
    rmSync(folder, { recursive: true, force: true })
  })

  async function section(state: string) {
    const { page, go, noise } = await visitor({ prometheus: prometheus.url })
    await go(`${APP}/license`)
    const host = new URL(exporters.get(state)!.url).host
    const region = page.getByRole('region', { name: `License of ${host}`, exact: true })
    await region.waitFor()
    return { page, region, noise }
  }

  test.each([
    ['valid', [/ valid$/, /in 299 days|in 300 days/]],
    ['expiring', [/ valid, and expires soon$/, /in 4 days/]],
    ['grace', [/in its grace period/, /in 1[78] hours/, /It expired\. Put the renewed/]],
    ['over', [/over: new requests are refused/, /\d+ hours ago/]],
    ['unlicensed', [/there is none: new requests are refused/, /No license is found/]],
  ] as const)('tells the state “%s”, and what to do', async (state, words) => {
    const { region, noise } = await section(state)
    for (const one of words) await region.getByText(one).first().waitFor()
    expect(noise).toEqual([])
  })

  test.skipIf(!faketime)(
    'tells a clock that was set back, and that the license is not the cause',
    async () => {
      const { page, region } = await section('clock')
      await expect
        .poll(
          async () => {
            await page.getByRole('button', { name: 'Refresh', exact: true }).click()
            return region.getByText('The clock of the machine was set back').count()
          },
          { timeout: 90_000, interval: 2000 }
        )
        .toBe(1)
      await region.getByText('in its grace period').waitFor()
      await region.getByText(/Steps of the clock in the last day: backward 1/).waitFor()
    }
  )

  test('stands on Overview, the most urgent first', async () => {
    const { page, go } = await visitor({ prometheus: prometheus.url })
    await go(`${APP}/overview`)
    const table = page.getByRole('table', { name: 'What needs attention now' })
    await table.waitFor()
    const lines = await table.locator('tbody tr').allInnerTexts()
    expect(lines.slice(0, 2).join(' ')).toContain('There is no valid IOSetu license')
    expect(lines.slice(0, 2).join(' ')).toContain('The grace period of the IOSetu license is over')
    expect(lines[2]).toContain('The IOSetu license is in its grace period')
  })
})
