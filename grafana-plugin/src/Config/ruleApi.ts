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

export interface Folder {
  uid: string
  title: string
}

/** What Grafana has of the app's rules. */
export interface Installed {
  /** Absent where it was never made, or was deleted; its title may have been changed by hand. */
  folder: Folder | undefined
  groups: Map<string, GroupBody>
  /** Rules of the app that were moved by hand: the group they are in, by uid. */
  moved: Map<string, string>
}

/** Asked for by list first: a group that is not there is no error. */
export async function readInstalled(): Promise<Installed> {
  const [rules, folder] = await Promise.all([
    call<Array<{ uid: string; folderUID: string; ruleGroup: string }>>(
      'GET',
      '/api/v1/provisioning/alert-rules'
    ),
    findFolder(),
  ])
  const here = rules.filter(rule => rule.folderUID === RULES_FOLDER.uid)
  const names = [...new Set(here.map(rule => rule.ruleGroup))]
  const groups = await Promise.all(names.map(name => call<GroupBody>('GET', groupUrl(name))))
  const elsewhere = rules.filter(rule => rule.folderUID !== RULES_FOLDER.uid)
  return {
    folder,
    groups: new Map(groups.map(group => [group.title, group])),
    moved: new Map([...elsewhere, ...here].map(rule => [rule.uid, rule.ruleGroup])),
  }
}

/** By list: one that is asked for by its uid and not there is an error in the console of the browser. */
async function findFolder(): Promise<Folder | undefined> {
  const top = await call<Folder[]>('GET', '/api/folders?limit=1000')
  const found = top.find(folder => folder.uid === RULES_FOLDER.uid)
  if (found) return found
  // Moved into another folder by hand.
  const all = await call<Folder[]>('GET', '/api/search?type=dash-folder&limit=5000')
  return all.find(folder => folder.uid === RULES_FOLDER.uid)
}

/** First of all: rules put into a folder that is not there are stored, and never evaluated. */
export async function ensureFolder(): Promise<void> {
  if (await findFolder()) return
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
