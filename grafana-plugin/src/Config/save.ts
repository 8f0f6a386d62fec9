import type { PluginMeta } from '@grafana/data'
import { getBackendSrv } from '@grafana/runtime'
import { lastValueFrom } from 'rxjs'
import type { Settings } from '../shared/settings.ts'

/** A key that is not written anew stays as it is stored; it is never read back. */
export async function save(
  meta: PluginMeta<Settings>,
  jsonData: Settings,
  apiKey: string
): Promise<void> {
  await lastValueFrom(
    getBackendSrv().fetch({
      url: `/api/plugins/${meta.id}/settings`,
      method: 'POST',
      showErrorAlert: false,
      data: {
        enabled: meta.enabled ?? true,
        pinned: meta.pinned ?? true,
        jsonData,
        ...(apiKey !== '' && { secureJsonData: { apiKey } }),
      },
    })
  )
}

export async function savedSettings(id: string): Promise<PluginMeta<Settings>> {
  const { data } = await lastValueFrom(
    getBackendSrv().fetch<PluginMeta<Settings>>({
      url: `/api/plugins/${id}/settings`,
      showErrorAlert: false,
    })
  )
  return data
}
