import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach } from 'vitest'
import { poll as pollOnly } from './test-manager.ts'

/** What is to be done after the test that is running. */
export const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const one of cleanUp.splice(0)) await one()
})

/** A poller that is closed after the test. */
export const poll: typeof pollOnly = (...args) => {
  const polled = pollOnly(...args)
  cleanUp.push(() => polled.poller.close())
  return polled
}

export async function until(condition: () => boolean, seconds = 10): Promise<void> {
  const end = performance.now() + seconds * 1000
  while (!condition()) {
    if (performance.now() > end) throw new Error('it did not come to this in time')
    await sleep(10)
  }
}
