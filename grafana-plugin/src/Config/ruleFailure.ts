export const statusOf = (error: unknown): number | undefined =>
  typeof error === 'object' && error !== null ? (error as { status?: number }).status : undefined

/** What was done when Grafana refused. */
export type Doing = 'read' | { write: string } | 'make the folder of'

/** What to tell where Grafana refuses. */
export function explainRules(error: unknown, doing: Doing): { sentence: string; wayOn: string } {
  const group = typeof doing === 'object' ? ` of the group “${doing.write}”` : ''

  const data = (error as { data?: { message?: string; messageId?: string } } | undefined)?.data
  const status = statusOf(error)
  const said = data?.message ? `: ${data.message}` : ''
  if (status === 401 || status === 403) {
    const what = typeof doing === 'object' ? 'write' : doing
    return {
      sentence: `You may not ${what} alert rules there (${status}).`,
      wayOn:
        what === 'write'
          ? 'An administrator may; right after the folder is made, wait a minute and try again.'
          : 'An administrator of this Grafana may.',
    }
  }
  if (status === 409 || data?.messageId === 'alerting.provenanceMismatch') {
    return {
      sentence: `A rule${group} was provisioned from a file, and is read-only (409).`,
      wayOn:
        'Take it out of the provisioning files (deleteRules), or use those rules instead of these.',
    }
  }
  if (status === 404) {
    return {
      sentence: 'Grafana does not know this address (404).',
      wayOn:
        'Unified alerting may be switched off; install the rules in Prometheus, Setup has the files.',
    }
  }
  return {
    sentence: `Grafana refused the rules${group}${status ? ` (${status})` : ''}${said}.`,
    wayOn:
      'The groups after it were left as they are. Try again, or install the rules in Prometheus, Setup has the files.',
  }
}
