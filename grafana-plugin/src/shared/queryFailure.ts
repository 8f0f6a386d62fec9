import type { DataQueryError } from '@grafana/data'

export interface Explained {
  sentence: string
  wayOn: string
}

/** Why a data source could not be asked. */
export function explainQuery(
  error: DataQueryError,
  what: string,
  kind: 'Prometheus' | 'Loki' = 'Prometheus'
): Explained {
  const detail = error.data?.message ?? error.data?.error ?? error.message ?? error.statusText ?? ''
  const status = error.status ?? /\bstatus(?: code)?:? (\d{3})/.exec(detail)?.[1]
  const code = Number(status)
  if (code === 401 || code === 403) {
    return {
      sentence: `You may not query this data source, so ${what} cannot be shown.`,
      wayOn: 'Ask an administrator for the permission to query it.',
    }
  }
  if (code === 404 || /not found/i.test(detail)) {
    return {
      sentence: `The data source is not there any more, so ${what} cannot be shown.`,
      wayOn: 'Choose another one above, or on the configuration page of this app.',
    }
  }
  if (
    code === 502 ||
    code === 503 ||
    code === 504 ||
    /refused|no such host|timeout|deadline/i.test(detail)
  ) {
    return {
      sentence: `${kind} does not answer, so ${what} cannot be shown${detail ? ` (${short(detail)})` : ''}.`,
      wayOn: 'Is it running, and does its data source in Grafana pass “Save & test”?',
    }
  }
  return {
    sentence: `The query for ${what} failed${detail ? `: ${short(detail)}` : ''}.`,
    wayOn: `Reload the page; if it stays so, the data source may not be a ${kind}.`,
  }
}

const short = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text)
