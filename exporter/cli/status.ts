import { readFile } from 'node:fs/promises'
import { styleText } from 'node:util'
import { why } from '../config/secret-file.ts'
import { ExporterError } from '../errors.ts'
import { askExporter } from './ask-exporter.ts'
import { configuration } from './configuration.ts'
import { options, quote, usage } from './options.ts'
import { print, printError } from './print.ts'
import { exitCode, fromReadings, type StatusData } from './status-data.ts'
import { type Paint, statusText } from './status-view.ts'

/** @returns 0 all up, 1 something down, 2 could not ask */
export async function status(args: string[]): Promise<number> {
  const { values } = options(args, {
    config: { type: 'string', short: 'c' },
    url: { type: 'string' },
    'key-file': { type: 'string' },
    json: { type: 'boolean' },
    all: { type: 'boolean' },
  })
  if (values.config !== undefined && values.url !== undefined) {
    throw usage('status takes --config FILE or --url URL, not both')
  }
  let data: StatusData
  try {
    data =
      values.config === undefined
        ? await askExporter(address(values.url), await secret(values['key-file']), new Date())
        : await readServers(values.config)
  } catch (error) {
    if (!(error instanceof ExporterError) || error.code !== 'fetch') throw error
    await printError(`license-exporter: ${error.message}`)
    return 2
  }
  if (values.json) await print(`${JSON.stringify(data, null, 2)}\n`)
  else {
    const view = { now: new Date(), paint, most: values.all ? Number.POSITIVE_INFINITY : 20 }
    await print(statusText(data, view))
  }
  return exitCode(data)
}

/** Colour only on a terminal, and never where NO_COLOR is set. */
const paint: Paint = (style, text) => styleText(style, text, { stream: process.stdout })

async function readServers(file: string): Promise<StatusData> {
  const { config } = await configuration(file)
  const { readOnce } = await import('./read-once.ts')
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  const readings = await readOnce(config, stop.signal)
  if (stop.signal.aborted) throw new ExporterError('fetch', 'stopped before every server was read')
  return fromReadings(readings, new Date())
}

function address(text = 'http://127.0.0.1:8080'): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol))
    return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
  throw usage(`--url ${quote(text)} is no address; write it as http://127.0.0.1:8080`)
}

async function secret(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return process.env.LICENSE_EXPORTER_KEY || undefined
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    throw usage(`--key-file ${file} ${why(error)}`)
  }
}
