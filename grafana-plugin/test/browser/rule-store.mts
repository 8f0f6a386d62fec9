interface Answer {
  status: number
  body: unknown
}

interface Group {
  title: string
  folderUid: string
  interval: number
  rules: Array<Record<string, any>>
}

const forbidden: Answer = { status: 403, body: { message: 'access denied' } }

/** Folders and rule groups of Grafana's alerting, with what it adds, and what it refuses. */
export class RuleStore {
  readonly folders = new Map<string, string>()
  readonly groups = new Map<string, Group>()
  /** Groups whose uids came from a file: writing them is 409. */
  provisioned = new Set<string>()
  /** What this user may not do: 403. */
  readonly refused = new Set<'read' | 'write' | 'folder'>()

  answer(method: string, path: string, body: string, role: string): Answer | undefined {
    if (path === '/api/v1/provisioning/alert-rules') {
      if (this.refused.has('read')) return forbidden
      return { status: 200, body: [...this.groups.values()].flatMap(group => group.rules) }
    }
    if (path === '/api/search') return { status: 200, body: this.#list() }
    const folder = /^\/api\/folders(?:\/([^/]+))?$/.exec(path)
    if (folder) return this.#folder(method, folder[1], body, role)
    const group = /^\/api\/v1\/provisioning\/folder\/([^/]+)\/rule-groups\/([^/]+)$/.exec(path)
    return group ? this.#group(method, decodeURIComponent(group[2]!), body, role) : undefined
  }

  #folder(method: string, uid: string | undefined, body: string, role: string): Answer {
    if (method === 'POST') {
      if (role === 'Viewer' || this.refused.has('folder')) return forbidden
      const wanted = JSON.parse(body) as { uid: string; title: string }
      if (this.folders.has(wanted.uid))
        return { status: 412, body: { message: 'the folder has been changed by someone else' } }
      this.folders.set(wanted.uid, wanted.title)
      return { status: 200, body: wanted }
    }
    if (uid === undefined) return { status: 200, body: this.#list() }
    const title = this.folders.get(uid)
    return title
      ? { status: 200, body: { uid, title } }
      : { status: 404, body: { message: 'folder not found' } }
  }

  #list() {
    return [...this.folders].map(([uid, title]) => ({ uid, title }))
  }

  #group(method: string, name: string, body: string, role: string): Answer {
    if (method === 'GET') {
      const found = this.groups.get(name)
      return found
        ? { status: 200, body: found }
        : { status: 404, body: { message: 'rule group not found' } }
    }
    if (role === 'Viewer' || this.refused.has('write')) return forbidden
    if (this.provisioned.has(name)) {
      return {
        status: 409,
        body: { messageId: 'alerting.provenanceMismatch', message: 'provenance mismatch' },
      }
    }
    if (method === 'DELETE') {
      return this.groups.delete(name)
        ? { status: 204, body: '' }
        : { status: 404, body: { message: 'rule group not found' } }
    }
    const wanted = JSON.parse(body) as Group
    if (wanted.interval % 10 !== 0)
      return { status: 400, body: { message: 'interval must be a multiple of 10' } }
    for (const rule of wanted.rules) {
      if (String(rule.uid).length > 40)
        return { status: 400, body: { message: 'uid is longer than 40' } }
    }
    this.groups.set(name, asRead(wanted))
    return { status: 200, body: this.groups.get(name) }
  }
}

/** What Grafana adds when a group is read back. */
function asRead(group: Group): Group {
  return {
    ...group,
    rules: group.rules.map((rule, index) => ({
      ...rule,
      id: index + 1,
      updated: new Date().toISOString(),
      notification_settings: null,
      record: null,
      for: rule.for === '0s' ? '0s' : rule.for,
    })),
  }
}
