import { type Browser, chromium, type Page } from '@playwright/test'
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
}

/** Grafana serves its fonts and starts its loggers; the host page does neither. */
const ofTheHost = [/font/i, /^OTS parsing/, /^LoggerRegistry:/]

let browser: Browser
const open: Array<() => Promise<unknown>> = []

/** Every test file has one browser; each visitor a Grafana of his own. */
export function useBrowser(): void {
  beforeAll(async () => {
    if (inject('world').skipped) return
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    })
  })
  afterAll(async () => {
    await Promise.all(open.splice(0).map(close => close()))
    await browser?.close()
  })
}

interface Wanted extends Partial<Site> {
  host?: 'grafana-12' | 'grafana-13'
  width?: number
  height?: number
}

export async function visitor(wanted: Wanted = {}): Promise<Opened> {
  const world = inject('world')
  const { host = 'grafana-13', width = 1280, height = 900, ...site } = wanted
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
    world.hosts[host]!
  )
  const context = await browser.newContext({ viewport: { width, height }, locale: 'en-US' })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const page = await context.newPage()
  open.push(async () => {
    await context.close()
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
    if (!url.startsWith(grafana.url) && !/^(data|blob):/.test(url)) outside.push(url)
  })
  const go = async (path: string) => {
    await page.goto(grafana.url + path)
  }
  return { page, grafana, noise, outside, go }
}
