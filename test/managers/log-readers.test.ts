import { expect, test } from 'vitest'
import { managers } from '../../exporter/managers/index.ts'
import { logManagers, withoutHistory } from '../../exporter/managers/log-readers.ts'
import type { LicenseManager } from '../../exporter/managers/manager.ts'

const withLog = Object.entries<LicenseManager>(managers).filter(([, one]) => one.logReader)

test('every manager with a log has a history, or it is said why not', () => {
  const said = [...Object.keys(logManagers), ...Object.keys(withoutHistory)]
  expect(said.sort()).toEqual(withLog.map(([name]) => name).sort())
})

test('a reader that is loaded alone is the one of its manager', async () => {
  for (const [name, { title, logReader }] of withLog) {
    const loaded = await logManagers[name]?.()
    if (loaded) expect(loaded).toEqual({ name, title, logReader })
    else expect(withoutHistory[name]).toBeDefined()
  }
})
