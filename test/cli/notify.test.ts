import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { notifySystemd } from '../../exporter/cli/notify.ts'
import { tool } from '../needs.ts'
import { until } from '../package/serving.ts'
import { start } from './program.ts'

const python = tool('python3')
const systemdNotify = tool('systemd-notify')

/** What systemd has at the other end: a datagram socket, and a pipe that it closes when it has read. */
const listener = `
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('listening', flush=True)
while True:
    data, fds, _, _ = socket.recv_fds(s, 4096, 4)
    for fd in fds: os.close(fd)
    print(data.decode().replace('\\n', ' '), flush=True)
`

const children: ChildProcess[] = []
const folder = mkdtempSync(join(tmpdir(), 'license-exporter-notify-'))
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function follow(command: string, args: string[], env: NodeJS.ProcessEnv = process.env) {
  const child = spawn(command, args, { env, cwd: folder })
  children.push(child)
  const got = { text: '', child }
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', data => {
      got.text += data
    })
  }
  return got
}

describe('systemd', () => {
  test('is not told anything outside a unit', () => {
    const said: string[] = []
    notifySystemd(text => said.push(text), {})()
    expect(said).toEqual([])
  })

  test.runIf(python && systemdNotify)(
    'hears that the exporter serves, lives and stops',
    async () => {
      const socket = join(folder, 'notify')
      const heard = follow(python!, ['-c', listener, socket])
      const hears = (word: string) =>
        until(
          () => true,
          async () => heard.text.includes(word) || undefined,
          30,
        )
      await hears('listening')
      const config = join(folder, 'config.toml')
      writeFileSync(config, '[api]\nbind_port = 0\n')
      const { child } = follow(process.execPath, [start, '--config', config], {
        PATH: '/usr/bin:/bin',
        NOTIFY_SOCKET: socket,
        WATCHDOG_USEC: '400000',
      })
      await hears('READY=1')
      await hears('WATCHDOG=1')
      child.kill('SIGTERM')
      await hears('STOPPING=1')
    },
    100_000,
  )
})
