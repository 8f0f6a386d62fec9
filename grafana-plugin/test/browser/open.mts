import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test'
import { afterAll, beforeAll, inject } from 'vitest'
import { type Site, startGrafana } from './grafana.mts'

export const APP = '/a/iosetu-license-app'
export const CONFIG = '/plugins/iosetu-license-app'

export interface Opened {
  page: Page
  grafana: Awaited<ReturnType<typeof startGrafana>>
  /** Errors and warnings of the console, and what was thrown. */
  noise: string[]
  /** Addresses of other origins that were asked. */
  outside: string[]
  go: (path: string) => Promise<void>
  /** To another page without loading Grafana anew, as a link does it. */
  turn: (path: string) => Promise<void>
}

/** Grafana serves its fonts and starts its loggers; the host page does neither. */
const ofTheHost = [/font/i, /^OTS parsing/, /^LoggerRegistry:/]

let browser: Browser
/** Shared: its cache keeps the 18 MB of Grafana's packages compiled from visitor to visitor. */
let shared: BrowserContext
const open: Array<() => Promise<unknown>> = []

/** Every test file has one browser; each visitor a Grafana of his own. */
export function useBrowser(): void {
  beforeAll(async () => {
    if (inject('world').skipped) return
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    })
    shared = await newContext()
  })
  afterAll(async () => {
    await Promise.all(open.splice(0).map(close => close()))
    await browser?.close()
  })
}

async function newContext(): Promise<BrowserContext> {
  const context = await browser.newContext({ locale: 'en-US' })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  return context
}

interface Wanted extends Partial<Site> {
  host?: 'grafana-12' | 'grafana-13'
  width?: number
  height?: number
  /** With an empty cache. */
  cold?: boolean
}

export async function visitor(wanted: Wanted = {}): Promise<Opened> {
  const world = inject('world')
  const { host = 'grafana-13', width = 1280, height = 900, cold = false, ...site } = wanted
  const grafana = await startGrafana(
    {
      role: 'Admin',
      theme: 'dark',
      version: host === 'grafana-12' ? '12.4.10' : '13.2.2',
      sources: [{ uid: 'prom', name: 'Prometheus', type: 'prometheus', isDefault: true }],
      jsonData: { exporterUrl: world.exporter },
      apiKey: world.key,
      prometheus: world.prometheus,
      ...site,
    },
    `${world.hostUrl}/${host}`
  )
  const context = cold ? await newContext() : shared
  const page = await context.newPage()
  await page.setViewportSize({ width, height })
  // Long, for machines that do other things too: what is there is seen at once.
  page.setDefaultTimeout(90_000)
  open.push(async () => {
    await (cold ? context : page).close()
    await grafana.close()
  })
  const noise: string[] = []
  const outside: string[] = []
  page.on('console', message => {
    const text = message.text()
    const loud = ['error', 'warning'].includes(message.type())
    if (loud && !ofTheHost.some(one => one.test(text))) noise.push(`${message.type()}: ${text}`)
  })
  page.on('pageerror', error => noise.push(`thrown: ${error.message}`))
  page.on('request', request => {
    const url = request.url()
    if (
      ![grafana.url, world.hostUrl].some(own => url.startsWith(own)) &&
      !/^(data|blob):/.test(url)
    )
      outside.push(url)
  })
  const go = async (path: string) => {
    await page.goto(grafana.url + path)
  }
  const turn = async (path: string) => {
    await page.evaluate(to => {
      history.pushState({}, '', to)
      window.dispatchEvent(new PopStateEvent('popstate'))
    }, path)
  }
  return { page, grafana, noise, outside, go, turn }
}
