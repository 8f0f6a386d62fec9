import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { readIni } from './ini.ts'

/** Grafana reads these files leniently and says nothing of a wrong key: a strict schema does. */
const folder = new URL('../../provisioning/grafana/', import.meta.url)
const text = (path: string) => readFileSync(new URL(path, folder), 'utf8')
const variable = z.string().regex(/^\$[A-Z_]+$/)

const datasources = z.strictObject({
  apiVersion: z.literal(1),
  prune: z.boolean(),
  datasources: z.array(
    z.strictObject({
      name: z.string(),
      uid: z.string().regex(/^[a-z-]{1,40}$/),
      orgId: z.literal(1),
      type: z.enum(['prometheus', 'loki']),
      access: z.literal('proxy'),
      url: variable,
      editable: z.literal(false),
      jsonData: z
        .strictObject({
          httpMethod: z.literal('POST'),
          timeInterval: z.string(),
          prometheusType: z.literal('Prometheus'),
        })
        .optional(),
    }),
  ),
})
const providers = z.strictObject({
  apiVersion: z.literal(1),
  providers: z.array(
    z.strictObject({
      name: z.string(),
      orgId: z.literal(1),
      type: z.literal('file'),
      folder: z.string(),
      folderUid: z.string().regex(/^[a-z-]{1,40}$/),
      disableDeletion: z.boolean(),
      allowUiUpdates: z.literal(false),
      updateIntervalSeconds: z.int().positive(),
      options: z.strictObject({ path: variable, foldersFromFilesStructure: z.literal(false) }),
    }),
  ),
})
const apps = z.strictObject({
  apiVersion: z.literal(1),
  apps: z.array(
    z.strictObject({
      type: z.literal('iosetu-license-app'),
      org_id: z.literal(1),
      disabled: z.boolean(),
      jsonData: z.record(z.string(), z.string()),
      secureJsonData: z.strictObject({ apiKey: variable }),
    }),
  ),
})

describe('provisioning of Grafana', () => {
  const sources = datasources.parse(parse(text('datasources/license.yaml')))
  const boards = providers.parse(parse(text('dashboards/license.yaml')))

  test('names the data sources that the app and the alert rules name', () => {
    const uids = sources.datasources.map(({ uid }) => uid)
    expect(uids).toEqual(['iosetu-license-prometheus', 'iosetu-license-loki'])
    const [app] = apps.parse(parse(text('plugins/license.yaml'))).apps
    expect(uids).toEqual(
      expect.arrayContaining([app?.jsonData.prometheusUid, app?.jsonData.lokiUid]),
    )
    if (!existsSync(new URL('alerting/', folder))) return
    for (const file of readdirSync(new URL('alerting/', folder))) {
      const named = [...text(`alerting/${file}`).matchAll(/datasourceUid: (\S+)/g)]
      for (const [, uid] of named) expect([...uids, '__expr__']).toContain(uid)
    }
  })

  test('the scrape interval is that of Prometheus', () => {
    const prometheus = new URL('../prometheus/prometheus.yml', folder)
    const { global } = parse(readFileSync(prometheus, 'utf8'))
    expect(sources.datasources[0]?.jsonData?.timeInterval).toBe(global.scrape_interval)
  })

  test('dashboards and alert rules lie in folders of different titles', () => {
    const titles = boards.providers.map(({ folder: title }) => title)
    if (!existsSync(new URL('alerting/', folder))) return
    for (const file of readdirSync(new URL('alerting/', folder))) {
      for (const [, title] of text(`alerting/${file}`).matchAll(/folder: (.+)/g)) {
        expect(titles).not.toContain(title)
      }
    }
  })

  test('a wrong key is noticed', () => {
    const wrong = parse(text('datasources/license.yaml').replace('editable', 'editible'))
    expect(datasources.safeParse(wrong).success).toBe(false)
  })
})

describe('grafana.ini', () => {
  const ini = readIni(text('grafana.ini'))

  test('signs in by Okta with PKCE and refresh tokens, and by nothing else', () => {
    expect(ini['auth.generic_oauth']).toMatchObject({
      enabled: 'true',
      use_pkce: 'true',
      use_refresh_token: 'true',
      role_attribute_strict: 'true',
    })
    expect(ini['auth.generic_oauth']?.scopes?.split(' ')).toEqual(
      expect.arrayContaining(['openid', 'groups', 'offline_access']),
    )
    const on = Object.entries(ini).filter(
      ([name, keys]) => /^auth\./.test(name) && keys.enabled === 'true',
    )
    expect(on.map(([name]) => name)).toEqual(['auth.generic_oauth'])
    expect(ini.auth).toMatchObject({ disable_login_form: 'true' })
  })

  test('holds no secret', () => {
    const secrets = Object.values(ini).flatMap(keys =>
      Object.entries(keys).filter(([key]) => /secret$|password|client_id/.test(key)),
    )
    expect(secrets.length).toBeGreaterThan(0)
    for (const [key, value] of secrets) expect(value, key).toMatch(/^\$__env\{[A-Z_]+\}$/)
  })

  test('cookies are secure, and the page may load nothing from elsewhere', () => {
    expect(ini.security).toMatchObject({
      cookie_secure: 'true',
      cookie_samesite: 'lax',
      content_security_policy: 'true',
      allow_embedding: 'false',
      strict_transport_security: 'true',
    })
    const policy = ini.security?.content_security_policy_template ?? ''
    const rules = new Map(
      policy
        .split(';')
        .filter(Boolean)
        .map(rule => [rule.split(' ')[0] ?? '', rule.split(' ').slice(1)]),
    )
    expect(rules.get('script-src')).toEqual([
      "'self'",
      "'unsafe-eval'",
      "'strict-dynamic'",
      '$NONCE',
    ])
    expect(rules.get('frame-ancestors')).toEqual(["'none'"])
    for (const [name, values] of rules) {
      for (const value of values) {
        expect(value, name).toMatch(/^('[a-z-]+'|data:|blob:|\$NONCE|wss?:\/\/\$ROOT_PATH)$/)
      }
      if (name === 'script-src') expect(values).not.toContain("'unsafe-inline'")
    }
  })

  test('asks nobody outside', () => {
    expect(ini.analytics).toMatchObject({ reporting_enabled: 'false', check_for_updates: 'false' })
    expect(ini.news?.news_feed_enabled).toBe('false')
    expect(ini.security?.disable_gravatar).toBe('true')
  })
})
