import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { poll } from './test-manager.ts'

test('100 servers that hang delay none of 100 healthy ones', { timeout: 90_000 }, async () => {
  const timeout = 0.5
  const interval = 20
  const slots = 16
  const hanging = 100
  const servers = Array.from({ length: 2 * hanging }, (_, i) => {
    const healthy = i % 2 === 1
    return {
      name: `${healthy ? 'ok' : 'hang'}-${i}`,
      address: healthy ? 'up' : 'hang',
      interval,
      timeout,
    }
  })
  const firstRead = new Map<string, number>()
  const delays: number[] = []
  const { poller } = poll(servers, {
    rest: { max_tools: slots },
    onReading({ server, before }) {
      if (!server.name.startsWith('ok')) return
      if (before) delays.push(server.delaySeconds ?? Number.NaN)
      else firstRead.set(server.name, (performance.now() - started) / 1000)
    },
  })
  const started = performance.now()
  poller.start()
  await sleep(48_000)
  await poller.close()

  expect(firstRead.size).toBe(hanging)
  const bound = Math.ceil(hanging / slots) * (timeout + 2)
  expect(Math.max(...firstRead.values())).toBeLessThanOrEqual(bound)
  expect(delays.length).toBeGreaterThanOrEqual(hanging)
  expect(Math.max(...delays)).toBeLessThanOrEqual(interval / 10)
  console.log(
    `first round within ${Math.max(...firstRead.values()).toFixed(1)} s of ${bound} s; ${delays.length} later readings at most ${Math.max(...delays).toFixed(2)} s late of ${interval / 10} s`,
  )
})
