import http from 'node:http'
import https from 'node:https'
import { parseArgs } from 'node:util'
import { ownAddress } from './own-address.ts'

const fallback = 'http://127.0.0.1:8080'
const help = `Usage: license-exporter health [URL]

Asks /livez of a running exporter: exit code 0 while it is alive, 1 while it is not.
URL is that of the configuration that \`run\` would take, else ${fallback};
LICENSE_EXPORTER_URL says otherwise.
`

/** Only an exporter that lives shakes hands; one with `client_ca_file` wants more than this has. */
const asksForCertificate = 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'

/** For the health check of a container, which has neither curl nor a shell. */
export async function run(args: readonly string[]): Promise<number> {
  let url: URL
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    })
    if (values.help) {
      process.stdout.write(help)
      return 0
    }
    if (positionals.length > 1) throw new Error('give one URL')
    const given = positionals[0] ?? process.env.LICENSE_EXPORTER_URL
    url = new URL('livez', `${given ?? (await ownAddress(process.env)) ?? fallback}/`)
    if (!/^https?:$/.test(url.protocol)) throw new Error('write an http:// or https:// URL')
  } catch (error) {
    process.stderr.write(
      `license-exporter health: ${(error as Error).message.split('. To specify')[0]}\n${help}`,
    )
    return 2
  }
  const answer = await alive(url)
  if (answer === undefined) return 0
  process.stderr.write(`license-exporter health: ${url.origin} ${answer}\n`)
  return 1
}

/** What is wrong; undefined = it is alive. */
function alive(url: URL): Promise<string | undefined> {
  return new Promise(resolve => {
    // Its certificate is made for the name that clients use, and this asks the loopback address.
    const options = { timeout: 3000, rejectUnauthorized: false }
    const client = url.protocol === 'https:' ? https : http
    const request = client.get(url, options, response => {
      response.resume()
      const { statusCode } = response
      resolve(statusCode === 200 ? undefined : `answers ${statusCode} to /livez`)
    })
    request.on('timeout', () => request.destroy(new Error('does not answer within 3 s')))
    request.on('error', error => resolve(refusal(error)))
  })
}

function refusal({ code, message }: NodeJS.ErrnoException): string | undefined {
  if (code === asksForCertificate) return undefined
  return code ? `cannot be reached (${code})` : message
}
