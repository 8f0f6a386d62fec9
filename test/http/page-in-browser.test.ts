import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { tool } from '../needs.ts'
import { licenseIn, type Running, serverState, snapshot, start } from './parts.ts'

/** What only a browser can tell of the status page. */
const executablePath = process.env.CHROMIUM_BIN ?? tool('chromium')
let browser: Browser
let running: Running
const names = ['cad', 'compositing', `a-name-${'x'.repeat(80)}`]

describe.runIf(executablePath)('the status page in a browser', () => {
  beforeAll(async () => {
    const args = ['--no-sandbox', '--disable-gpu']
    browser = await chromium.launch({ executablePath: executablePath!, args })
    const features = snapshot.features.map((one, i) => ({ ...one, used: 4 - i }))
    const servers = new Map(names.map(name => [name, serverState(name, { features })]))
    running = await start({ state: { servers }, ownLicense: await licenseIn('expiring') })
    const event = 'license_server.down'
    running.events.emit({ event, msg: 'License server is down', attributes: { server: 'cad' } })
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await running?.server.close()
  })
  const pages: Page[] = []
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close()
  })

  async function open(options: Parameters<Browser['newPage']>[0], path = '/') {
    const page = await browser.newPage({ viewport: { width: 1100, height: 900 }, ...options })
    pages.push(page)
    const [asked, complaints]: string[][] = [[], []]
    page.on('request', request => asked!.push(request.url()))
    page.on('console', message => complaints!.push(message.text()))
    page.on('pageerror', error => complaints!.push(String(error)))
    await page.goto(`${running.url}${path}`)
    return { page, asked, complaints }
  }

  it.each(['/', '/api/v1/docs'])('%s asks for nothing more and breaks no policy', async path => {
    const { page, asked, complaints } = await open({}, path)
    await page.waitForLoadState('networkidle')
    expect(asked).toEqual([`${running.url}${path}`])
    expect(complaints).toEqual([])
    // The one style is in force: the policy has its hash.
    expect(await page.evaluate('getComputedStyle(document.body).maxWidth')).toBe('1088px')
  })

  it('is dark where the system is dark', async () => {
    const colours = async (colorScheme: 'light' | 'dark') => {
      const { page } = await open({ colorScheme })
      return page.evaluate('getComputedStyle(document.body).backgroundColor')
    }
    expect(await colours('light')).toBe('rgb(255, 255, 255)')
    expect(await colours('dark')).toBe('rgb(13, 17, 23)')
  })

  it.each([320, 400, 1100])('%d pixels wide it is never wider than the screen', async width => {
    const { page } = await open({ viewport: { width, height: 800 } })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
  })

  it.each([400, 1100])('%d pixels wide a screen reader finds regions and tables', async width => {
    const { page } = await open({ viewport: { width, height: 800 } })
    const regions = ['Own license', 'License servers', 'Fullest features', 'Expires next']
    for (const name of [...regions, 'Last events']) {
      expect(await page.getByRole('region', { name }).count()).toBe(1)
    }
    const servers = page.getByRole('table', { name: 'License servers' })
    expect(await servers.getByRole('rowheader').count()).toBe(names.length)
    expect(await servers.getByRole('columnheader').count()).toBe(4)
    const full = page.getByRole('row', { name: /4 of 4 \(100 %\)/ })
    expect(await full.count()).toBe(names.length)
  })

  it('says on the tab what is wrong', async () => {
    const { page } = await open({})
    expect(await page.title()).toBe('License status')
    const state = running.state.servers.get('cad')!
    const [member] = snapshot.members
    const down = {
      status: { up: false, reason: 'connect' as const, message: '' },
      members: [{ ...member!, up: false }],
    }
    Object.assign(state, serverState('cad', down))
    await page.reload()
    expect(await page.title()).toBe('1 down · License status')
    expect(await page.getByText('2 up, 1 down').count()).toBe(1)
    Object.assign(state, serverState('cad'))
  })

  it('a refresh keeps the place', async () => {
    const { page } = await open({ viewport: { width: 400, height: 500 } })
    await page.evaluate('scrollTo(0, 300)')
    await page.waitForEvent('load', { timeout: 40_000 })
    await expect.poll(() => page.evaluate('scrollY')).toBe(300)
  }, 60_000)
})
