import { getBackendSrv } from '@grafana/runtime'
import { lastValueFrom } from 'rxjs'
import { EXPORTER_API, PLUGIN_ID } from '../../constants.ts'
import type { Exporter } from '../settings.ts'
import { NotTheApi, OldExporter } from './failure.ts'
import type { Page, Status } from './types.ts'

/** More rows than this are cut, and the page says so. */
export const MOST_ROWS = 200_000
const FIRST_PAGE = 1000
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

export interface Listed {
  /** How many were given to `onPage`. */
  count: number
  /** There are more, which were not asked for. */
  cut: boolean
}

/** Gets the items of a page and the time of their reading; false from it ends the reading. */
export type OnPage<Item> = (items: Item[], at: Date | undefined) => boolean | Promise<boolean>

/** A list page by page: a small one first, so that something can be shown at once. */
export async function getAll<Item>(
  exporter: Exporter,
  route: 'checkouts' | 'events',
  query: Record<string, string>,
  onPage: OnPage<Item>,
  most = MOST_ROWS
): Promise<Listed> {
  let count = 0
  let cursor: string | null = null
  do {
    const limit = Math.min(count === 0 ? FIRST_PAGE : PAGE, most - count)
    const page = (await get(exporter, `api/v1/${route}`, {
      ...query,
      limit: String(limit),
      ...(cursor === null ? {} : { cursor }),
    })) as Partial<Page<Item>>
    if (!Array.isArray(page.data)) throw new NotTheApi('its answer is no list')
    count += page.data.length
    cursor = page.next ?? null
    const goOn = await onPage(page.data, page.at === undefined ? undefined : new Date(page.at))
    // A page that is empty and yet not the last would be asked for again without end.
    if (!goOn || page.data.length === 0) break
  } while (cursor !== null && count < most)
  return { count, cut: cursor !== null }
}
