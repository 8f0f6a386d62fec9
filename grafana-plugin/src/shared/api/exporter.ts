import { getBackendSrv } from '@grafana/runtime'
import { lastValueFrom } from 'rxjs'
import { EXPORTER_API, PLUGIN_ID } from '../../constants.ts'
import type { Exporter } from '../settings.ts'
import { NotTheApi, OldExporter } from './failure.ts'
import type { Page, Status } from './types.ts'

/** More rows than this are cut, and the page says so. */
export const MOST_ROWS = 200_000
const PAGE = 10_000

/** Through Grafana's proxy, which adds the key and refuses Viewers. Names travel in the query. */
async function get(
  exporter: Exporter,
  route: string,
  query: Record<string, string>
): Promise<unknown> {
  const path = exporter.path === '' ? route : `${exporter.path}/${route}`
  const search = new URLSearchParams(query).toString()
  const { data } = await lastValueFrom(
    getBackendSrv().fetch<unknown>({
      url: `/api/plugin-proxy/${PLUGIN_ID}/exporter/${path}${search ? `?${search}` : ''}`,
      method: 'GET',
      showErrorAlert: false,
    })
  )
  if (typeof data !== 'object' || data === null) {
    const html = typeof data === 'string' && /^\s*<(!doctype|html)/i.test(data)
    throw new NotTheApi(html ? 'it answers with a web page' : 'its answer is no JSON')
  }
  return data
}

export async function getStatus(exporter: Exporter): Promise<Status> {
  const status = (await get(exporter, 'api/v1/status', {})) as Partial<Status>
  if (typeof status.version !== 'string' || typeof status.api !== 'number') {
    throw new NotTheApi('it tells no version')
  }
  if (status.api < EXPORTER_API) {
    throw new OldExporter(
      `version ${status.version} speaks interface ${status.api}, at least ${EXPORTER_API} is needed`
    )
  }
  return status as Status
}

export interface Listed<Item> {
  items: Item[]
  /** Time of the newest reading, by the exporter's clock. */
  at?: Date
  cut: boolean
}

/** All pages of a list; `onPage` sees how many rows are there, and false from it ends the reading. */
export async function getAll<Item>(
  exporter: Exporter,
  route: 'checkouts' | 'events',
  query: Record<string, string>,
  onPage: (rows: number) => boolean = () => true,
  most = MOST_ROWS
): Promise<Listed<Item>> {
  const items: Item[] = []
  let cursor: string | null = null
  let at: Date | undefined
  do {
    const page = (await get(exporter, `api/v1/${route}`, {
      ...query,
      limit: String(Math.min(PAGE, most)),
      ...(cursor === null ? {} : { cursor }),
    })) as Partial<Page<Item>>
    if (!Array.isArray(page.data)) throw new NotTheApi('its answer is no list')
    for (const item of page.data) items.push(item)
    if (page.at !== undefined) at = new Date(page.at)
    cursor = page.next ?? null
    if (!onPage(items.length)) break
  } while (cursor !== null && items.length < most)
  return { items, ...(at && { at }), cut: cursor !== null }
}
