import net from 'node:net'

export interface Load {
  perSecond: number
  p99: number
  answers: number
  /** Answers that were no 200, or broke off. */
  bad: number
  bodyBytes: number
}

/** So many connections, each asking anew as soon as its answer is whole; cheap, it shares the cores. */
export async function load(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  { clients, seconds }: { clients: number; seconds: number },
): Promise<Load> {
  const { hostname, port } = new URL(url)
  const lines = Object.entries({ host: 'localhost', ...headers }).map(([k, v]) => `${k}: ${v}\r\n`)
  const request = `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
  const times: number[] = []
  let bad = 0
  let bodyBytes = 0
  const end = performance.now() + seconds * 1000
  await Promise.all(Array.from({ length: clients }, () => client()))
  times.sort((a, b) => a - b)
  const p99 = times[Math.floor(times.length * 0.99)] ?? Number.NaN
  return { perSecond: times.length / seconds, p99, answers: times.length, bad, bodyBytes }

  function client(): Promise<void> {
    return new Promise(resolve => {
      let missing = 0
      let began = 0
      const socket = net.connect(Number(port), hostname, ask)
      socket.on('data', chunk => {
        if (missing === 0) {
          const head = chunk.indexOf('\r\n\r\n')
          const text = chunk.toString('latin1', 0, head)
          const [, length = ''] = /content-length: (\d+)/i.exec(text) ?? []
          if (head === -1 || !text.startsWith('HTTP/1.1 200 ') || length === '') {
            bad++
            socket.destroy()
            return
          }
          bodyBytes = Number(length)
          missing = bodyBytes - (chunk.length - head - 4)
        } else missing -= chunk.length
        if (missing > 0) return
        times.push(performance.now() - began)
        if (performance.now() < end) ask()
        else socket.destroy()
      })
      socket.on('error', () => {})
      socket.on('close', () => {
        if (missing > 0) bad++
        resolve()
      })
      function ask(): void {
        began = performance.now()
        socket.write(request)
      }
    })
  }
}
