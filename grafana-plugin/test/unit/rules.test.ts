import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { explainRules } from '../../src/Config/ruleFailure.ts'
import { type AppGroup, type GroupBody, groupBody } from '../../src/Config/ruleBody.ts'
import { compare, seconds } from '../../src/Config/ruleState.ts'
import groups from '../../src/rules/groups.json'
import { ruleGroups, uidOf } from '../../scripts/rule-groups.mts'

const all = groups as unknown as AppGroup[]
const [group] = all as [AppGroup]
const dashboards = join(import.meta.dirname, '../../src/dashboards')

const folder = { uid: 'x', title: 'Any' }
const moved = new Map<string, string>()
const installed = (body?: GroupBody) => ({
  folder,
  moved,
  groups: new Map(body ? [[group.name, body]] : []),
})

/** As Grafana 12.3 gives it back: with what it adds, keys in the order of the alphabet. */
function readBack() {
  const body: GroupBody = JSON.parse(
    JSON.stringify(groupBody(group, 'prom'), (_, value) =>
      value && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a.localeCompare(b)))
        : value
    )
  )
  for (const rule of body.rules) {
    Object.assign(rule, { id: 1, updated: 'now', notification_settings: null, record: null })
    for (const node of rule.data)
      node.model = { ...node.model, intervalMs: 1000, maxDataPoints: 43_200 }
    rule.for = rule.for === '5m' ? '5m0s' : rule.for
  }
  return body
}

describe('compare', () => {
  test('a group that is not there is missing', () => {
    expect(compare(installed(), group, 'prom').state).toBe('missing')
  })

  test('what Grafana adds is no difference', () => {
    expect(compare(installed(readBack()), group, 'prom')).toEqual({
      state: 'installed',
      differences: [],
    })
  })

  test.each([
    ['a label', (body: any) => (body.rules[0].labels = { severity: 'none' }), 'the labels'],
    ['the expression', (body: any) => (body.rules[0].data[0].model.expr = '1'), 'the expression'],
    [
      'the threshold',
      (body: any) => (body.rules[0].data[2].model.conditions[0].evaluator.params = [5]),
      'the steps after the query',
    ],
    ['the wait', (body: any) => (body.rules[0].for = '1h'), 'how long it waits'],
    ['a pause', (body: any) => (body.rules[0].isPaused = true), 'it is paused'],
    ['the interval', (body: any) => (body.interval = 600), 'it is evaluated every 600 s'],
    [
      'a rule that was added',
      (body: any) => body.rules.push({ ...body.rules[0], uid: 'mine', title: 'Mine' }),
      'Mine is not one of the app',
    ],
    ['a rule that was deleted', (body: any) => body.rules.shift(), 'is not there'],
  ])('%s changed by hand differs', (_, change, words) => {
    const body = readBack()
    change(body)
    const { state, differences } = compare(installed(body), group, 'prom')
    expect(state).toBe('differs')
    expect(differences.join('\n')).toContain(words)
  })

  test('a group whose folder was deleted is not evaluated, and differs', () => {
    const there = { ...installed(readBack()), folder: undefined }
    expect(compare(there, group, 'prom').differences).toEqual([
      'its folder was deleted: Grafana does not evaluate it',
    ])
  })

  test('a rule that was moved by hand is told where it is', () => {
    const body = readBack()
    const [rule] = body.rules.splice(0, 1)
    const there = { ...installed(body), moved: new Map([[rule!.uid, 'mine']]) }
    expect(compare(there, group, 'prom').differences).toEqual([
      `${rule!.title} was moved to the group “mine”`,
    ])
  })

  test('another data source differs', () => {
    expect(compare(installed(readBack()), group, 'other').state).toBe('differs')
  })

  test.each([
    ['5m', 300],
    ['5m0s', 300],
    ['1h30m', 5400],
    ['0s', 0],
    ['', 0],
    ['1d', 86_400],
  ])('%s is %d s', (text, n) => {
    expect(seconds(text)).toBe(n)
  })
})

test('every uid is at most 40 characters, and stands once', () => {
  const uids = all.flatMap(one => one.rules.map(rule => rule.uid))
  expect(new Set(uids).size).toBe(uids.length)
  for (const uid of uids) expect(uid).toMatch(/^[a-zA-Z0-9_-]{1,40}$/)
  expect(() => uidOf('A'.repeat(37))).toThrow('more than 40')
})

test('groups are evaluated at multiples of ten seconds', () => {
  for (const one of all) expect(one.intervalSeconds % 10).toBe(0)
})

test('a rule links the panel of the app, and says on errors what its provisioned copy says', () => {
  const rules =
    'groups: [{ name: g, interval: 30s, rules: [{ record: "a:b:c", expr: "1" }, { alert: A, expr: "absent(up)" }, { alert: B, expr: "x:license_y:max > 1", for: 5m, annotations: { summary: "{{ $value }}", dashboard_url: "/d/iosetu-license-server?x" } }] }]'
  const copies = new Map([
    ['A', { panel: '', execErrState: 'Alerting' as const }],
    ['B', { panel: '7', execErrState: 'KeepLast' as const }],
  ])
  const [one] = ruleGroups([rules], copies)
  expect(one!.intervalSeconds).toBe(30)
  expect(one!.rules.map(rule => [rule.title, rule.execErrState])).toEqual([
    ['A', 'Alerting'],
    ['B', 'KeepLast'],
  ])
  expect(one!.rules[0]!.annotations).toEqual({})
  expect(one!.rules[1]!.annotations).toEqual({
    summary: '{{ $values.query.Value }}',
    dashboard_url: '/d/iosetu-license-server-app?x',
    __dashboardUid__: 'iosetu-license-server-app',
    __panelId__: '7',
  })
  expect(() => ruleGroups([rules], new Map())).toThrow('A has no copy')
})

describe('every installed rule', () => {
  const boards = new Map(
    readdirSync(dashboards).map(name => {
      const board = JSON.parse(readFileSync(join(dashboards, name), 'utf8'))
      return [board.uid, board.panels.flatMap((one: any) => [one, ...(one.panels ?? [])])]
    })
  )
  test.each(all.flatMap(one => one.rules).map(rule => [rule.title, rule] as const))(
    '%s links a panel of a bundled dashboard',
    (_, { annotations }) => {
      const panels = boards.get(annotations.__dashboardUid__) ?? []
      expect(panels.map((one: any) => String(one.id))).toContain(annotations.__panelId__)
      expect(annotations.dashboard_url).toContain(`/d/${annotations.__dashboardUid__}`)
    }
  )
})

test.each([
  [{ status: 403 }, { write: 'g' }, 'You may not write alert rules there (403)'],
  [{ status: 403 }, 'read', 'You may not read alert rules there (403)'],
  [{ status: 403 }, 'make the folder of', 'You may not make the folder of alert rules there (403)'],
  [
    { status: 409, data: { messageId: 'alerting.provenanceMismatch' } },
    { write: 'g' },
    'A rule of the group “g” was provisioned from a file',
  ],
  [{ status: 404 }, 'read', 'does not know this address'],
  [
    { status: 400, data: { message: 'bad interval' } },
    { write: 'g' },
    'refused the rules of the group “g” (400): bad interval',
  ],
] as const)('a refusal %j is a sentence', (error, doing, words) => {
  expect(explainRules(error, doing).sentence).toContain(words)
})
