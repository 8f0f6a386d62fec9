import { setTimeout as sleep } from 'node:timers/promises'

/**
 * The result of `work`, or the error once the time is over; the work itself goes on unheard and has
 * to clean up after itself (a file on a share that hangs cannot be called off).
 */
export async function within<T>(seconds: number, work: Promise<T>, late: () => Error): Promise<T> {
  const stop = new AbortController()
  const limit = sleep(seconds * 1000, undefined, { signal: stop.signal }).then(() => {
    throw late()
  })
  limit.catch(() => {})
  try {
    return await Promise.race([work, limit])
  } finally {
    stop.abort()
    work.catch(() => {})
  }
}
