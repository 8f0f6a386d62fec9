import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { freePort } from '../free-port.ts'
import { tool } from '../needs.ts'
import { checks } from './checks.ts'
import { type Grafana, grafanaProgram, startGrafana } from './grafana.ts'
import { type Identity, startIdentity } from './identity.ts'

/**
 * Sign-in to a real Grafana with provisioning/grafana/grafana.ini as it lies there, through an OpenID
 * provider in the place of Okta:
 *   GRAFANA_BIN=… [GRAFANA_HOME=…] npm run test:sign-in
 */
const config = fileURLToPath(new URL('../../provisioning/grafana/grafana.ini', import.meta.url))
const lifetime = 20
const people = {
  ada: ['iosetu-grafana-admins', 'everyone'],
  eve: ['everyone', 'iosetu-grafana-editors'],
  vic: ['iosetu-grafana-viewers'],
  nobody: ['everyone'],
}
const roles = { ada: 'Admin', eve: 'Editor', vic: 'Viewer' } as const

const program = grafanaProgram()
const executablePath = process.env.CHROMIUM_BIN ?? tool('chromium')
if (!program || !executablePath) console.log('0 passed, 0 failed, 1 skipped')
else {
  const { check, end } = checks()
  const port = await freePort()
  const url = `http://localhost:${port}`
  const client = { id: 'grafana', secret: 'of-the-test', redirect: `${url}/login/generic_oauth` }
  const identity = await startIdentity({ client, people, lifetime })
  const grafana = await startGrafana(program, {
    config,
    port,
    provision: ['dashboards', 'datasources'],
    env: {
      GF_SERVER_ROOT_URL: `${url}/`,
      OKTA_DOMAIN: identity.url,
      OKTA_CLIENT_ID: client.id,
      OKTA_CLIENT_SECRET: client.secret,
      PROMETHEUS_URL: 'http://127.0.0.1:9',
      LOKI_URL: 'http://127.0.0.1:9',
      LICENSE_DASHBOARDS: fileURLToPath(new URL('../../dashboards/json', import.meta.url)),
    },
  })
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    await onlyOkta(grafana, browser, check)
    for (const [person, role] of Object.entries(roles)) {
      await becomes(person, role, { grafana, identity, browser, check })
    }
    await strangers(grafana, browser, check)
    await refreshed({ grafana, identity, browser, check })
  } finally {
    await browser.close()
    await grafana.close()
    await identity.close()
  }
  end()
}

interface Stage {
  grafana: Grafana
  identity: Identity
  browser: Browser
  check: (good: boolean, what: string) => void
}

/** No form, no password, nothing for people who are not signed in; strict headers. */
async function onlyOkta({ url }: Grafana, browser: Browser, check: Stage['check']): Promise<void> {
  const { context, page } = await opened(browser)
  const answer = await page.goto(`${url}/login`)
  await page.getByRole('link', { name: 'Sign in with Okta' }).waitFor()
  check((await page.locator('input[type=password]').count()) === 0, 'there is no form to sign in')
  const { 'content-security-policy': policy = '', ...headers } = answer?.headers() ?? {}
  check(/script-src [^;]*'nonce-/.test(policy), 'scripts need a nonce')
  check(policy.includes("frame-ancestors 'none'"), 'no page is shown inside another')
  check(headers['x-content-type-options'] === 'nosniff', 'contents are not guessed')
  await context.close()
  const password = await fetch(`${url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'admin', password: 'admin' }),
  })
  check(password.status >= 400, `a password is refused: ${password.status}`)
  const basic = { authorization: `Basic ${btoa('admin:admin')}` }
  check((await fetch(`${url}/api/org`, { headers: basic })).status === 401, 'so is basic auth')
  check((await fetch(`${url}/api/search`)).status === 401, 'nobody sees anything unknown')
}

/** A busy machine is no reason to fail. */
async function opened(browser: Browser) {
  const context = await browser.newContext()
  context.setDefaultTimeout(180_000)
  return { context, page: await context.newPage() }
}

/** Through Okta's button and the provider's pages. */
async function signIn({ url }: Grafana, browser: Browser, person: string) {
  const { context, page } = await opened(browser)
  await page.goto(`${url}/login`)
  await page.getByRole('link', { name: 'Sign in with Okta' }).click()
  await page.locator('input[name=login]').fill(person)
  await page.locator('input[name=password]').fill('any')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.waitForURL(one => one.origin === url && !one.pathname.startsWith('/login/'))
  await page.waitForLoadState('load')
  return { context, page }
}

async function becomes(person: string, role: string, stage: Stage): Promise<void> {
  const { grafana, identity, browser, check } = stage
  const before = identity.asked.length
  const { context, page } = await signIn(grafana, browser, person)
  const refused = violations(page)
  const now = await roleOf(page, grafana)
  check(now === role, `${person} becomes ${role}: ${now}`)
  const asked = identity.asked.slice(before)
  const challenge = asked.find(({ at }) => at === 'authorize')?.parameters
  check(
    challenge?.code_challenge_method === 'S256' && !!challenge.code_challenge,
    `${person}: the provider is asked with a challenge of S256`,
  )
  const exchange = asked.find(({ at }) => at === 'token')
  const token = exchange?.parameters
  check(exchange?.refused === undefined, `${person}: the provider takes it: ${exchange?.refused}`)
  check(
    token?.grant_type === 'authorization_code' && (token.code_verifier?.length ?? 0) >= 43,
    `${person}: and the code is exchanged with its verifier`,
  )
  await sessionCookie(context, check, person)
  await page.goto(`${grafana.url}/d/iosetu-license-overview`)
  await page
    .getByTestId(/^data-testid Panel header/)
    .first()
    .waitFor()
  check(refused.length === 0, `${person}: the policy refuses nothing: ${refused.join(' ')}`)
  await context.close()
}

async function sessionCookie(
  context: BrowserContext,
  check: Stage['check'],
  person: string,
): Promise<void> {
  const cookie = (await context.cookies()).find(({ name }) => name === 'grafana_session')
  check(
    cookie?.httpOnly === true && cookie.secure && cookie.sameSite === 'Lax',
    `${person}: the session's cookie is httpOnly, secure and of this site`,
  )
}

function violations(page: Page): string[] {
  const refused: string[] = []
  page.on('console', message => {
    if (/Content Security Policy/.test(message.text())) refused.push(message.text())
  })
  return refused
}

async function roleOf(page: Page, { url }: Grafana): Promise<string | undefined> {
  const answer = await page.request.get(`${url}/api/user/orgs`)
  if (!answer.ok()) return `${answer.status()}`
  const [org] = (await answer.json()) as { role: string }[]
  return org?.role
}

/** Known to the provider, in none of the groups. */
async function strangers(grafana: Grafana, browser: Browser, check: Stage['check']): Promise<void> {
  const { context, page } = await signIn(grafana, browser, 'nobody')
  check(new URL(page.url()).pathname === '/login', 'who is in no group stays outside')
  check((await page.request.get(`${grafana.url}/api/user`)).status() === 401, 'and has no session')
  await context.close()
}

async function refreshed({ grafana, identity, browser, check }: Stage): Promise<void> {
  const { context, page } = await signIn(grafana, browser, 'eve')
  const before = identity.asked.length
  await sleep((lifetime + 2) * 1000)
  check((await roleOf(page, grafana)) === 'Editor', 'a session outlives its access token')
  const refresh = identity.asked.slice(before).find(({ at }) => at === 'token')
  check(
    refresh?.refused === undefined && refresh?.parameters.grant_type === 'refresh_token',
    'by the refresh token, which the provider took',
  )
  await identity.close()
  await sleep((lifetime + 2) * 1000)
  check((await roleOf(page, grafana)) === '401', 'and ends where the provider is gone')
  await context.close()
}
