import { getBackendSrv } from '@grafana/runtime'
import { lastValueFrom } from 'rxjs'
import { RULES_FOLDER } from '../constants.ts'
import type { GroupBody } from './ruleBody.ts'
import { statusOf } from './ruleFailure.ts'

/** The provisioning interface of Grafana's alerting, as an administrator's session may use it. */
async function call<Answer>(method: string, url: string, data?: unknown): Promise<Answer> {
  const response = await lastValueFrom(
    getBackendSrv().fetch<Answer>({
      method,
      url,
      ...(data !== undefined && { data }),
      // The answer is 204 of application/json without a byte, which Grafana's own client cannot read.
      ...(method === 'DELETE' && { responseType: 'text' }),
      showErrorAlert: false,
      showSuccessAlert: false,
      // Rules stay editable in Grafana; the page shows what was changed by hand.
      headers: { 'X-Disable-Provenance': 'true' },
    })
  )
  return response.data
}

const groupUrl = (name: string) =>
  `/api/v1/provisioning/folder/${RULES_FOLDER.uid}/rule-groups/${encodeURIComponent(name)}`

/** The groups of the folder, by name. Asked for by list first: a group that is not there is no error. */
export async function readGroups(): Promise<Map<string, GroupBody>> {
  const rules = await call<Array<{ folderUID: string; ruleGroup: string }>>(
    'GET',
    '/api/v1/provisioning/alert-rules'
  )
  const names = new Set(
    rules.filter(rule => rule.folderUID === RULES_FOLDER.uid).map(rule => rule.ruleGroup)
  )
  const groups = await Promise.all([...names].map(name => call<GroupBody>('GET', groupUrl(name))))
  return new Map(groups.map(group => [group.title, group]))
}

async function folderExists(): Promise<boolean> {
  const folders = await call<Array<{ uid: string }>>('GET', '/api/folders?limit=1000')
  return folders.some(folder => folder.uid === RULES_FOLDER.uid)
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
