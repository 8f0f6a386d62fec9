/** What went wrong between the page and an exporter, in a sentence and with a way on. */
export interface Failure {
  kind:
    | 'not_set'
    | 'no_permission'
    | 'unreachable'
    | 'key'
    | 'scope'
    | 'host'
    | 'rate'
    | 'html'
    | 'old'
    | 'route'
    | 'other'
  sentence: string
  wayOn: string
}

interface FetchError {
  status: number
  statusText?: string
  data?: unknown
}

const isFetchError = (error: unknown): error is FetchError =>
  typeof error === 'object' && error !== null && typeof (error as FetchError).status === 'number'

/** An answer that is no JSON object of ours: a proxy's page, a login form. */
export class NotTheApi extends Error {
  override readonly name = 'NotTheApi'
}

export class OldExporter extends Error {
  override readonly name = 'OldExporter'
}

export const notSet: Failure = {
  kind: 'not_set',
  sentence: 'No exporter address is set.',
  wayOn: 'An administrator can set it, and a key, on the configuration page of this app.',
}

export function explain(error: unknown, name: string): Failure {
  if (error instanceof NotTheApi) {
    return {
      kind: 'html',
      sentence: `What answers for “${name}” is not an exporter: ${error.message}.`,
      wayOn: 'Check address and path; a sign-in page or another service may stand there.',
    }
  }
  if (error instanceof OldExporter) {
    return {
      kind: 'old',
      sentence: `“${name}” is too old for this page: ${error.message}.`,
      wayOn: 'Update the exporter; metrics and dashboards go on working meanwhile.',
    }
  }
  if (!isFetchError(error)) {
    return {
      kind: 'other',
      sentence: `“${name}” could not be asked: ${error instanceof Error ? error.message : String(error)}.`,
      wayOn: 'Try again.',
    }
  }
  return explainStatus(error, name)
}

function explainStatus({ status, statusText, data }: FetchError, name: string): Failure {
  const body = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {}
  const code = typeof body.code === 'string' ? body.code : undefined
  const message = typeof body.message === 'string' ? body.message : undefined
  if (status === 403 && code === undefined) {
    return {
      kind: 'no_permission',
      sentence: 'Who holds which seat is shown to Editors and Admins only.',
      wayOn: 'Ask an administrator of this Grafana for the role Editor.',
    }
  }
  if (status === 401) {
    return {
      kind: 'key',
      sentence: `“${name}” refuses the key (401${code ? `, ${code}` : ''}).`,
      wayOn:
        'Make one with “license-exporter key api NAME”, and save it on the configuration page.',
    }
  }
  if (status === 403) {
    return {
      kind: 'scope',
      sentence: `The key may not ask this of “${name}” (${code}).`,
      wayOn: 'Give the key the scopes read and users in the [[api.keys]] of the exporter.',
    }
  }
  if (status === 421) {
    return {
      kind: 'host',
      sentence: `“${name}” does not answer under this host name (421).`,
      wayOn: 'Add the host of the address to [api] allowed_hosts of the exporter.',
    }
  }
  if (status === 429) {
    return {
      kind: 'rate',
      sentence: `“${name}” was asked too often (429).`,
      wayOn: 'Wait a minute, or raise rate_limit_requests of the key.',
    }
  }
  if (status === 404 && (message?.includes('route') || message?.includes('not enabled'))) {
    return {
      kind: 'route',
      sentence: 'This Grafana does not know the way to the exporter.',
      wayOn: 'Enable the app, and restart Grafana after an update of it.',
    }
  }
  if (status === 404) {
    return {
      kind: 'old',
      sentence: `“${name}” does not know this address (404): it is too old, or the path is wrong.`,
      wayOn: 'Check the path on the configuration page, or update the exporter.',
    }
  }
  if (status === 0 || status === 502 || status === 503 || status === 504) {
    return {
      kind: 'unreachable',
      sentence: `“${name}” cannot be reached from Grafana (${status || 'no answer'}).`,
      wayOn: 'Is the exporter running, and is its address right as seen from the Grafana server?',
    }
  }
  return {
    kind: 'other',
    sentence: `“${name}” answered ${status}${code ? ` ${code}` : statusText ? ` ${statusText}` : ''}.`,
    wayOn: 'The log of the exporter says more.',
  }
}
