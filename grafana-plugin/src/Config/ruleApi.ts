import { getBackendSrv } from '@grafana/runtime'
import { lastValueFrom } from 'rxjs'
import { RULES_FOLDER } from '../constants.ts'
import type { GroupBody } from './ruleBody.ts'

/** The provisioning interface of Grafana's alerting, as an administrator's session may use it. */
async function call<Answer>(method: string, url: string, data?: unknown): Promise<Answer> {
  const response = await lastValueFrom(
    getBackendSrv().fetch<Answer>({
      method,
      url,
      ...(data !== undefined && { data }),
      showErrorAlert: false,
      showSuccessAlert: false,
      // Rules stay editable in Grafana; the page shows what was changed by hand.
      headers: { 'X-Disable-Provenance': 'true' },
    }),
  )
  return response.data
}

const groupUrl = (name: string) =>
  `/api/v1/provisioning/folder/${RULES_FOLDER.uid}/rule-groups/${encodeURIComponent(name)}`

const statusOf = (error: unknown): number | undefined =>
  typeof error === 'object' && error !== null ? (error as { status?: number }).status : undefined

/** The group as Grafana has it, or undefined. */
export async function readGroup(name: string): Promise<GroupBody | undefined> {
  try {
    return await call<GroupBody>('GET', groupUrl(name))
  } catch (error) {
    if (statusOf(error) === 404) return undefined
    throw error
  }
}

export async function folderExists(): Promise<boolean> {
  try {
    await call('GET', `/api/folders/${RULES_FOLDER.uid}`)
    return true
  } catch (error) {
    if (statusOf(error) === 404) return false
    throw error
  }
}

/** First of all: rules put into a folder that is not there are stored, and never evaluated. */
export async function ensureFolder(): Promise<void> {
  if (await folderExists()) return
  try {
    await call('POST', '/api/folders', RULES_FOLDER)
  } catch (error) {
    // Somebody else made it in between.
    if (statusOf(error) !== 409 && statusOf(error) !== 412) throw error
  }
}

export const writeGroup = (body: GroupBody) => call('PUT', groupUrl(body.title), body)

export async function removeGroup(name: string): Promise<void> {
  try {
    await call('DELETE', groupUrl(name))
  } catch (error) {
    if (statusOf(error) !== 404) throw error
  }
}

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
      wayOn: 'Take it out of the provisioning files (deleteRules), or use those rules instead of these.',
    }
  }
  if (status === 404) {
    return {
      sentence: 'Grafana does not know this address (404).',
      wayOn: 'Unified alerting may be switched off; install the rules in Prometheus, Setup has the files.',
    }
  }
  return {
    sentence: `Grafana refused it${status ? ` (${status})` : ''}${said}.`,
    wayOn: 'Nothing else was changed. Try again, or install the rules in Prometheus, Setup has the files.',
  }
}
