export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

/** The best of several: noise only ever slows. */
export function least(values: readonly number[]): number {
  return values.length > 0 ? Math.min(...values) : Number.NaN
}

/** Milliseconds of CPU that this process spent, all threads. */
export async function cpuMs(run: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

export async function wallMs(run: () => unknown): Promise<number> {
  const before = performance.now()
  await run()
  return performance.now() - before
}
