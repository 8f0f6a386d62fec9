import { appendFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { featureKey } from '../../exporter/state.ts'
import { folder } from './log-files.ts'
import { poll, until } from './polling.ts'

describe('the logs of a server', () => {
  test('are followed from start on and counted', async () => {
    const path = join(folder(), 'acme.log')
    writeFileSync(path, 'OUT old\n')
    const told: string[] = []
    const { poller } = poll([{ name: 'cad', logs: [path] }], {
      logPauseSeconds: 0.02,
      onLogEntry: (server, entries) => told.push(`${server.name} ${entries.length}`),
    })
    await poller.readNow('cad')
    await poller.readNow('cad')
    poller.start()
    const state = poller.state.servers.get('cad')!
    await until(() => state.log?.lastLineAt !== undefined)
    appendFileSync(path, 'OUT draw\nnoise\nOUT draw\n')
    await until(() => state.log?.lines === 3)
    expect(told).toContain('cad 2')
    expect(state.tally.features.get(featureKey('ACME', 'draw'))).toMatchObject({
      checkouts: 2,
      checkoutSeats: 2,
    })
  })

  test('go on where they stopped, with a state folder', async () => {
    const at = folder()
    const path = join(at, 'acme.log')
    writeFileSync(path, 'OUT old\n')
    const run = async (during: () => void, lines: number) => {
      const seen: string[] = []
      const { poller } = poll([{ name: 'cad', logs: [path] }], {
        rest: { state_dir: at },
        logPauseSeconds: 0.02,
        onLogEntry: (_, entries) => {
          for (const { entry } of entries) if ('feature' in entry) seen.push(entry.feature)
        },
      })
      poller.start()
      await until(() => poller.state.servers.get('cad')?.log?.lastLineAt !== undefined)
      during()
      await until(() => seen.length >= lines)
      await poller.close()
      return seen
    }
    expect(await run(() => appendFileSync(path, 'OUT a\n'), 1)).toEqual(['a'])
    appendFileSync(path, 'OUT b\n')
    renameSync(path, `${path}.1`)
    writeFileSync(path, 'OUT c\n')
    expect(await run(() => appendFileSync(path, 'OUT d\n'), 3)).toEqual(['b', 'c', 'd'])
  })

  test('that are lost in a broken state folder are read from their end', async () => {
    const at = folder()
    const path = join(at, 'acme.log')
    writeFileSync(path, 'OUT old\n')
    writeFileSync(join(at, 'log-positions.json'), '{"version":1,"servers":{"cad":[{"path"')
    const { poller } = poll([{ name: 'cad', logs: [path] }], {
      rest: { state_dir: at },
      logPauseSeconds: 0.02,
    })
    poller.start()
    await until(() => poller.state.servers.get('cad')?.log?.lastLineAt !== undefined)
    expect(poller.state.servers.get('cad')?.log?.lines).toBe(0)
    rmSync(at, { recursive: true })
  })
})
