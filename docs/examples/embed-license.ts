import { createServer } from 'node:http'
import { setTimeout } from 'node:timers/promises'
// In your program: from 'iosetu-license-exporter/self-license'
import { createLicenseMonitor } from '../../exporter/self-license/index.ts'

// A constant of your program, from `license-exporter key new`; it reads IOSETU_LICENSE_FILE or _KEY.
const trustedKeys = { keys: [{ kty: 'OKP', crv: 'Ed25519', kid: 'yours', x: 'YOUR-PUBLIC-KEY' }] }
const license = await createLicenseMonitor({ trustedKeys })
license.on('event', ({ event, msg }) => console.log(JSON.stringify({ event, msg })))
const guard = license.guard()

const server = createServer((request, response) => {
  const { status, body } = license.health()
  if (request.url === '/health') response.writeHead(status).end(JSON.stringify(body))
  else
    guard(request, response, async () => {
      if (request.url === '/render') await setTimeout(20_000)
      response.end('done\n')
    })
})
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ listening: server.address() })))
