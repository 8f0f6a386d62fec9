import { setImmediate } from 'node:timers/promises'

const turnMs = 10

/** Awaited between pieces of long work: others get the event loop every 10 ms. */
export function createBreath(): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < turnMs) return
    await setImmediate()
    since = performance.now()
  }
}
