import { useEffect, useState } from 'react'
import { getBackendSrv } from '@grafana/runtime'
import { lastValueFrom } from 'rxjs'
import { recordedSeries } from '../queries.ts'

interface Answer {
  results: Record<string, { frames?: Array<{ data?: { values?: unknown[][] } }> }>
}

/** Do the recording rules run in this Prometheus? Undefined where it cannot be asked. */
export function useRecorded(uid: string | undefined): boolean | undefined {
  const [recorded, setRecorded] = useState<boolean>()
  useEffect(() => {
    if (uid === undefined) return
    let wanted = true
    void ask(uid).then(answer => {
      if (wanted) setRecorded(answer)
    })
    return () => {
      wanted = false
    }
  }, [uid])
  return recorded
}

async function ask(uid: string): Promise<boolean | undefined> {
  try {
    const { data } = await lastValueFrom(
      getBackendSrv().fetch<Answer>({
        url: '/api/ds/query',
        method: 'POST',
        showErrorAlert: false,
        data: {
          from: 'now-10m',
          to: 'now',
          queries: [
            {
              refId: 'recorded',
              expr: recordedSeries(),
              instant: true,
              range: false,
              datasource: { type: 'prometheus', uid },
              intervalMs: 15_000,
              maxDataPoints: 100,
            },
          ],
        },
      })
    )
    const frames = data.results.recorded?.frames ?? []
    return frames.some(frame => (frame.data?.values?.[0]?.length ?? 0) > 0)
  } catch {
    // The data source tells its own trouble on the pages.
    return undefined
  }
}
