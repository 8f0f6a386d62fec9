// What lives in Grafana's core and not in its packages: requests, data sources, templates, queries.
import * as data from '@grafana/data'
import * as runtime from '@grafana/runtime'
import { sceneGraph } from '@grafana/scenes'
import { catchError, concat, defer, from, lastValueFrom, map, of } from 'rxjs'
import { tables } from './tables.ts'

async function request(options: any) {
  const query = options.params ? `?${new URLSearchParams(options.params)}` : ''
  const url = options.url.startsWith('/') ? options.url : `/${options.url}`
  const answer = await window.fetch(url + query, {
    method: options.method ?? 'GET',
    headers: { 'content-type': 'application/json', ...options.headers },
    ...(options.data !== undefined && { body: JSON.stringify(options.data) }),
  })
  const text = await answer.text()
  let body: unknown = text
  try {
    body = JSON.parse(text)
  } catch {
    // Not JSON: given on as it is, as Grafana does.
  }
  const { status, statusText, headers, ok } = answer
  if (!ok) throw { status, statusText, data: body, config: options }
  return { data: body, status, statusText, headers, ok, url, config: options }
}

const fetchNow = (options: any) => defer(() => request(options))
const simple = (method: string) => (url: string, body?: any) =>
  lastValueFrom(
    fetchNow({ method, url, ...(method === 'GET' ? { params: body } : { data: body }) })
  ).then(one => one.data)

class Source extends (runtime.DataSourceWithBackend as any) {
  query(asked: any) {
    return super
      .query(asked)
      .pipe(map((answer: any) => ({ ...answer, data: tables(answer.data, asked.targets) })))
  }
  applyTemplateVariables(query: any, scoped: any) {
    return { ...query, expr: runtime.getTemplateSrv().replace(query.expr, scoped) }
  }
  interpolateVariablesInQueries(queries: any[], scoped: any) {
    return queries.map(query => this.applyTemplateVariables(query, scoped))
  }
  filterQuery(query: any) {
    return Boolean(query.expr)
  }
}

export function startServices(): void {
  const { config } = runtime
  const backend: any = { fetch: fetchNow }
  for (const method of ['get', 'post', 'put', 'delete'])
    backend[method] = simple(method.toUpperCase())
  runtime.setBackendSrv(backend)

  const sources: any[] = Object.values(config.datasources)
  const made = new Map<string, any>()
  const settingsOf = (ref: any) => {
    const text = typeof ref === 'string' ? ref : ref?.uid
    const name = runtime.getTemplateSrv().replace(text ?? '', ref?.__scoped)
    return sources.find(one => one.uid === name || one.name === name)
  }
  runtime.setDataSourceSrv({
    getInstanceSettings: settingsOf,
    getList: (filter: any = {}) =>
      sources.filter(one => !filter.pluginId || one.type === filter.pluginId),
    async get(ref: any, scoped: any) {
      const uid = runtime.getTemplateSrv().replace(typeof ref === 'string' ? ref : ref?.uid, scoped)
      const settings = sources.find(one => one.uid === uid)
      if (!settings) throw new Error(`Datasource ${uid} was not found`)
      if (!made.has(uid)) made.set(uid, new Source(settings))
      return made.get(uid)
    },
    reload() {},
  } as any)
  runtime.setTemplateSrv({
    getVariables: () => [],
    replace(text?: string, scoped?: any, format?: any) {
      const context = scoped?.__sceneObject?.value?.valueOf()
      return context && text ? sceneGraph.interpolate(context, text, scoped, format) : (text ?? '')
    },
    containsTemplate: (text?: string) => /\$/.test(text ?? ''),
    updateTimeRange() {},
  } as any)
  const { LoadingState } = data
  runtime.setRunRequest(((source: any, asked: any) =>
    concat(
      of({ state: LoadingState.Loading, series: [], timeRange: asked.range, request: asked }),
      from(source.query(asked) as any).pipe(
        map((answer: any) => ({
          state: answer.error || answer.errors?.length ? LoadingState.Error : LoadingState.Done,
          series: (answer.data ?? []).map((one: any) => data.toDataFrame(one)),
          error: answer.error ?? answer.errors?.[0],
          errors: answer.errors,
          timeRange: asked.range,
          request: asked,
        })),
        catchError((error: any) =>
          of({
            state: LoadingState.Error,
            series: [],
            error: runtime.toDataQueryError(error),
            timeRange: asked.range,
            request: asked,
          })
        )
      )
    )) as any)
  const more = runtime as any
  runtime.setEchoSrv(new more.FakeEchoSrv())
  more.setAppEvents(new data.EventBusSrv())
  more.setReturnToPreviousHook?.(() => () => {})
  more.setPluginLinksHook?.(() => ({ links: [], isLoading: false }))
}
