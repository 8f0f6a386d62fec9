import React, { useEffect, useState } from 'react'
import { getBackendSrv } from '@grafana/runtime'
import { lastValueFrom } from 'rxjs'
import { Problem } from '../shared/states.tsx'
import { duration } from '../shared/words.ts'

/** Prometheus looks back five minutes for a value: more than that, and the newest ones are missed. */
const MUCH = 120

/** Grafana asks Prometheus at the browser's time: a wrong clock shows old values or none. */
export function ClockNotice() {
  const [ahead, setAhead] = useState(0)
  useEffect(() => {
    let gone = false
    void clockAhead().then(seconds => {
      if (!gone) setAhead(seconds)
    })
    return () => {
      gone = true
    }
  }, [])
  if (Math.abs(ahead) < MUCH) return null
  return (
    <Problem
      severity="warning"
      sentence={`The clock of this computer is ${duration(ahead)} ${ahead > 0 ? 'ahead of' : 'behind'} the clock of Grafana.`}
      wayOn="Pages ask for the values of this computer's time, and may show old ones or none. Set the clock, then reload the page."
    />
  )
}

async function clockAhead(): Promise<number> {
  try {
    const before = Date.now()
    const { headers } = await lastValueFrom(
      getBackendSrv().fetch({ url: '/api/health', showErrorAlert: false })
    )
    const server = Date.parse(headers.get('date') ?? '')
    return Number.isNaN(server) ? 0 : (before - server) / 1000
  } catch {
    // No answer, no comparison: the pages tell by themselves when nothing can be asked.
    return 0
  }
}
