import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type KoaContextWithOIDC } from 'oidc-provider'

/**
 * An OpenID provider in the place of Okta, at Okta's paths: PKCE is required, access tokens live for
 * seconds, and whoever signs in is the person of that name, with the groups given here.
 */
export interface Identity {
  url: string
  /** What Grafana asked for, as the provider saw it. */
  asked: readonly Asked[]
  /** Sockets are ended, as if the provider had gone. */
  close(): Promise<void>
}

export interface Asked {
  at: 'authorize' | 'token'
  parameters: Readonly<Record<string, string>>
  /** Why it was refused; absent where it was not. */
  refused?: string
}

export interface IdentityOptions {
  client: { id: string; secret: string; redirect: string }
  /** Groups of each person. */
  people: Readonly<Record<string, readonly string[]>>
  /** Seconds that an access token lives. */
  lifetime: number
}

export async function startIdentity(options: IdentityOptions): Promise<Identity> {
  const server = createServer((request, response) => listener(request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = providerAt(url, options)
  const asked: Asked[] = []
  const hear = (at: Asked['at']) => (ctx: KoaContextWithOIDC, error?: Error) => {
    const { message, error_detail: detail } = (error ?? {}) as Record<string, string>
    const refused = error && { refused: `${message}: ${detail}` }
    asked.push({ at, ...refused, parameters: { ...(ctx.oidc.params as Record<string, string>) } })
  }
  provider.on('authorization.accepted', hear('authorize'))
  provider.on('grant.success', hear('token'))
  provider.on('grant.error', hear('token'))
  const listener = provider.callback()
  return {
    url,
    asked,
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function providerAt(url: string, { client, people, lifetime }: IdentityOptions): Provider {
  return new Provider(url, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [client.redirect],
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username'],
      email: ['email', 'email_verified'],
      groups: ['groups'],
    },
    scopes: ['openid', 'offline_access'],
    pkce: { required: () => true },
    ttl: { AccessToken: lifetime, RefreshToken: 3600, Session: 3600, Grant: 3600 },
    // As Okta: a refresh token for the scope alone, without a question to the person.
    issueRefreshToken: async (_, asking) => asking.grantTypeAllowed('refresh_token'),
    findAccount: (_, person) => ({
      accountId: person,
      claims: () => ({
        sub: person,
        name: person,
        preferred_username: person,
        email: `${person}@example.com`,
        email_verified: true,
        groups: [...(people[person] ?? [])],
      }),
    }),
    routes: {
      authorization: '/oauth2/v1/authorize',
      token: '/oauth2/v1/token',
      userinfo: '/oauth2/v1/userinfo',
    },
    cookies: { keys: ['stand-in'] },
  })
}
