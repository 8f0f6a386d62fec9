import { createHash, randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { prepareDemo } from '../demo/demo.ts'
import { intro } from '../demo/intro.ts'
import { type DemoLicenseState, demoLicense, demoLicenseStates } from '../demo/license.ts'
import { options, quote, usage } from './options.ts'
import { print } from './print.ts'
import { closeInTime, stopSignal } from './until-signal.ts'

/** Invented license servers, read by the real exporter, until a signal. */
export async function demo(args: string[]): Promise<number> {
  if (args.some(one => /^--history(=|$)/.test(one))) {
    return (await import('./demo-history.ts')).demoHistory(args)
  }
  const { values } = options(args, {
    port: { type: 'string', default: '8080' },
    'rate-limit': { type: 'string' },
    'license-state': { type: 'string', default: 'expiring' },
  })
  const licenseState = stateOf(values['license-state'])
  const stop = stopSignal()
  const key = randomBytes(32).toString('base64url')
  const { config, folder } = prepareDemo({
    now: new Date(),
    port: portNumber(values.port),
    rateLimit: rateLimitOf(values['rate-limit']),
    keyHash: createHash('sha256').update(key).digest('hex'),
  })
  try {
    const { startExporter } = await import('../exporter.ts')
    const exporter = await startExporter({
      config,
      mode: 'demo',
      license: await demoLicense(licenseState),
    })
    await print(intro(exporter.url, key))
    await stop
    return await closeInTime(() => exporter.close())
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function portNumber(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw usage(`--port ${quote(text)} is no port; write a number from 0 (any free one) to 65535`)
}

function stateOf(text: string): DemoLicenseState {
  const found = demoLicenseStates.find(one => one === text)
  if (found) return found
  throw usage(`--license-state ${quote(text)} is none of ${demoLicenseStates.join(', ')}`)
}

function rateLimitOf(text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d{0,6}$/.test(text))
    return text === undefined ? text : Number(text)
  throw usage(`--rate-limit ${quote(text)} is no number of requests a minute`)
}
