import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Told {
  status: 'firing' | 'resolved'
  labels: Record<string, string>
  annotations: Record<string, string>
  startsAt: string
}

/** One alert from its first notification to its resolve. */
export interface Episode {
  receiver: string
  alert: string
  labels: Record<string, string>
  annotations: Record<string, string>
  firedAt: number
  resolvedAt: number | undefined
}

export interface Receiver {
  url: string
  episodes: Episode[]
  close(): void
}

/** The webhook of all receivers: what reaches people. Repeats of what is firing are no news. */
export async function startReceiver(): Promise<Receiver> {
  const episodes: Episode[] = []
  const open = new Map<string, Episode>()
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    const { alerts } = JSON.parse(body) as { alerts: Told[] }
    const receiver = (request.url ?? '').slice(1)
    for (const { status, labels, annotations } of alerts) {
      const key = JSON.stringify([receiver, Object.entries(labels).sort()])
      const known = open.get(key)
      if (status === 'resolved' && known) {
        known.resolvedAt = Date.now()
        open.delete(key)
      } else if (status === 'firing' && !known) {
        const alert = labels.alertname ?? ''
        const firedAt = Date.now()
        const one = { receiver, alert, labels, annotations, firedAt, resolvedAt: undefined }
        open.set(key, one)
        episodes.push(one)
      }
    }
    response.end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, episodes, close: () => server.close() }
}
