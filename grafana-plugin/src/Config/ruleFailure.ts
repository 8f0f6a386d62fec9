export const statusOf = (error: unknown): number | undefined =>
  typeof error === 'object' && error !== null ? (error as { status?: number }).status : undefined

/** What to tell where Grafana refuses. */
export function explainRules(error: unknown): { sentence: string; wayOn: string } {
  const data = (error as { data?: { message?: string; messageId?: string } } | undefined)?.data
  const status = statusOf(error)
  const said = data?.message ? `: ${data.message}` : ''
  if (status === 401 || status === 403) {
    return {
      sentence: 'You may not write alert rules there (403).',
      wayOn: 'An administrator may; right after the folder is made, wait a minute and try again.',
    }
  }
  if (status === 409 || data?.messageId === 'alerting.provenanceMismatch') {
    return {
      sentence: 'A rule of this name was provisioned from a file, and is read-only (409).',
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
    sentence: `Grafana refused it${status ? ` (${status})` : ''}${said}.`,
    wayOn:
      'The groups after it were left as they are. Try again, or install the rules in Prometheus, Setup has the files.',
  }
}
