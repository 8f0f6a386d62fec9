import { execFile } from 'node:child_process'

type Env = Readonly<Record<string, string | undefined>>

const program = 'systemd-notify'

/**
 * Tells systemd that the exporter serves (`Type=notify`) and, where the unit has `WatchdogSec=`,
 * that its event loop still turns. Node cannot write to a datagram socket: systemd's own program
 * does. Without $NOTIFY_SOCKET nothing is done. @returns ends it
 */
export function notifySystemd(tell: (text: string) => void, env: Env = process.env): () => void {
  if (!env.NOTIFY_SOCKET) return () => {}
  const send = (state: string) =>
    execFile(
      program,
      [state],
      { env: { ...env, PATH: '/usr/bin:/bin' }, timeout: 10_000 },
      error => {
        if (error) tell(`${program} ${state}: ${error.message.trim()}`)
      },
    )
  send('READY=1')
  const watchdogMs = Number(env.WATCHDOG_USEC) / 1000
  // Half of what systemd allows, as its manual says.
  const timer = watchdogMs > 0 ? setInterval(send, watchdogMs / 2, 'WATCHDOG=1') : undefined
  return () => {
    clearInterval(timer)
    send('STOPPING=1')
  }
}
