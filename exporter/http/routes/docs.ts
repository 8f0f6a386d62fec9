import { type Html, html, page } from '../html.ts'
import { openApi } from '../openapi.ts'
import { type Route, route } from '../route.ts'
import { noQuery } from '../views/query.ts'

interface Operation {
  parameters?: { name: string; required: boolean; description?: string }[]
  responses: Record<string, { description: string }>
}

/** @param routes every route, itself among them */
export const docs = (routes: () => readonly Route[]) =>
  route({
    path: '/api/v1/docs',
    summary: 'openapi.json as a page.',
    scope: 'read',
    bucket: 'default',
    query: noQuery,
    produces: ['text/html'],
    negotiate: true,
    handle(c) {
      const { paths } = openApi(routes(), c.env.deps.version) as {
        paths: Record<string, { get: Operation }>
      }
      const body = html`<main><h1>HTTP API</h1>
<p>Made from <a href="openapi.json">openapi.json</a> (OpenAPI 3.1), version ${c.env.deps.version}.
Send a key as <code>Authorization: Bearer</code>, <code>X-API-Key</code> or <code>Basic</code>.</p>
${routes().map(one => described(one, paths[one.path]!.get))}</main>`
      return page('HTTP API', undefined, body)
    },
  })

function described(one: Route, { parameters = [], responses }: Operation): Html {
  const rows = parameters.map(
    ({ name, required, description }) =>
      html`<tr><th scope="row"><code>${name}</code></th><td>${required ? 'required' : 'optional'}</td><td>${description}</td></tr>`,
  )
  const answers = Object.entries(responses).map(
    ([code, { description }]) => html`<tr><th scope="row">${code}</th><td>${description}</td></tr>`,
  )
  return html`<section><h2><code>GET ${one.path}</code></h2>
<p>${one.summary} ${one.scope ? `Scope ${one.scope}.` : 'No key needed.'}</p>
${rows.length > 0 && html`<table><caption>Query</caption><tbody>${rows}</tbody></table>`}
<details><summary>Answers</summary><table><tbody>${answers}</tbody></table></details></section>`
}
