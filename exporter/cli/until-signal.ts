import { printError } from './print.ts'

const deadlineSeconds = 4.5

/**
 * Resolves at SIGTERM or SIGINT, or when the process that started this one for its Node is gone.
 * Call it before starting anything, so that no signal is lost.
 */
export function stopSignal(): Promise<void> {
  return new Promise(stop => {
    process.on('SIGTERM', () => stop())
    process.on('SIGINT', () => stop())
    if (process.env.LICENSE_EXPORTER_STARTER === String(process.ppid) && process.channel) {
      process.on('disconnect', () => stop())
      process.channel.unref()
    }
  })
}

/** Closes within 5 seconds whatever hangs. @returns the exit code */
export async function closeInTime(close: () => Promise<void>): Promise<number> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>(done => {
    timer = setTimeout(() => done('late'), deadlineSeconds * 1000)
  })
  const ended = await Promise.race([close(), late])
  clearTimeout(timer)
  if (ended !== 'late') return 0
  await printError(
    `license-exporter: something did not end within ${deadlineSeconds} s; left behind`,
  )
  return 1
}
