import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { uids } from '../../dashboards/dashboard.ts'
import { dashboards } from '../../dashboards/index.ts'
import type { Panel, RowPanel } from '../../dashboards/schema.ts'
import { asked, panelsOf } from '../stack/expressions.ts'
import { units } from './units.ts'

/** The rules of Grafana's dashboard linter and of the design, for every kind of panel. */
const named = Object.entries(dashboards)

test('there are eight', () => {
  expect(named.map(([, { uid }]) => uid).sort()).toEqual(Object.values(uids).sort())
  expect(new Set(named.map(([, { title }]) => title)).size).toBe(8)
})

test('the committed files are these and no others', () => {
  const files = readdirSync(new URL('../../dashboards/json/', import.meta.url)).sort()
  expect(files).toEqual(named.map(([name]) => `${name}.json`).sort())
})

test('Overview asks at most 25 questions', () => {
  expect(asked(['overview']).length).toBeLessThanOrEqual(25)
})

test('the first panels of Overview tell whether an exporter answers', () => {
  const [first, second] = panelsOf('overview')
  expect([first, second].map(panel => JSON.stringify(panel?.targets)).join()).toMatch(/up\{.*up\{/)
  expect(first?.gridPos).toMatchObject({ x: 0, y: 1 })
})

describe.each(named)('%s', (name, dashboard) => {
  const every: (Panel | RowPanel)[] = dashboard.panels ?? []
  const panels = panelsOf(name)
  const text = JSON.stringify(dashboard)

  test('loads in Grafana 12 and 13', () => {
    expect([41, 42]).toContain(dashboard.schemaVersion)
    expect(dashboard.uid).toMatch(/^[a-z0-9-]{1,36}$/)
    expect(text).not.toContain('__inputs')
    expect(dashboard).toMatchObject({ editable: false, tags: ['iosetu', 'license'] })
    expect(dashboard).not.toHaveProperty('id')
  })

  test('panels have ids of their own, and rows', () => {
    const ids = every.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.every(id => Number.isInteger(id) && (id ?? 0) > 0)).toBe(true)
    expect(every[0]?.type).toBe('row')
  })

  test('panels lie within 24 columns and on no other panel', () => {
    const cells = new Set<string>()
    for (const { id, gridPos } of every) {
      const { x = 0, y = 0, w = 0, h = 0 } = gridPos ?? {}
      expect(x + w, `panel ${id}`).toBeLessThanOrEqual(24)
      for (let column = x; column < x + w; column++) {
        for (let row = y; row < y + h; row++) {
          const cell = `${column} ${row}`
          expect(cells.has(cell), `panel ${id} on ${cell}`).toBe(false)
          cells.add(cell)
        }
      }
    }
  })

  test('every panel has a title, a description, a unit and a data source variable', () => {
    for (const panel of panels) {
      const where = `${panel.id} ${panel.title}`
      expect(panel.title, where).toBeTruthy()
      expect(panel.description?.length, where).toBeGreaterThan(8)
      expect(panel.description, where).toMatch(/\.$/)
      expect(units, where).toContain(panel.fieldConfig?.defaults.unit)
      for (const override of panel.fieldConfig?.overrides ?? []) {
        const unit = override.properties.find(({ id }) => id === 'unit')
        if (unit) expect(units, where).toContain(unit.value)
      }
      expect(panel.datasource?.uid, where).toMatch(/^\$\{(prometheus|loki)_datasource\}$/)
    }
  })

  test('every panel asks something, and alone the list of alerts does not', () => {
    const silent = panels.filter(({ targets }) => !targets?.length)
    expect(silent.map(({ type }) => type)).toEqual(name === 'overview' ? ['alertlist'] : [])
    for (const { targets } of panels) {
      const refIds = (targets ?? []).map(target => (target as { refId: string }).refId)
      expect(new Set(refIds).size).toBe(refIds.length)
    }
  })

  test('there is no gauge panel: a bar or a number says the same', () => {
    expect(panels.map(({ type }) => type)).not.toContain('gauge')
    const known = [
      'stat',
      'bargauge',
      'timeseries',
      'state-timeline',
      'table',
      'barchart',
      'trend',
      'logs',
      'alertlist',
    ]
    expect(panels.filter(({ type }) => !known.includes(type))).toEqual([])
  })

  test('variables are those that are used, in the order of their need', () => {
    const list = dashboard.templating?.list ?? []
    const names = list.map(variable => variable.name)
    const used = [...text.matchAll(/\$\{?([a-z_]+)/g)].map(([, found]) => found ?? '')
    const own = used.filter(found => !found.startsWith('__'))
    expect([...new Set(own)].filter(found => !names.includes(found))).toEqual([])
    expect(names.filter(found => !own.includes(found))).toEqual([])
    for (const [index, variable] of list.entries()) {
      expect(variable.label, variable.name).toBeTruthy()
      for (const [, needed] of JSON.stringify(variable.query ?? '').matchAll(/\$([a-z]+)/g)) {
        expect(names.indexOf(needed ?? ''), `${variable.name} needs ${needed}`).toBeLessThan(index)
      }
      if (variable.type !== 'query') continue
      expect(variable).toMatchObject({ multi: true, includeAll: true, refresh: 2 })
      // `up` of other jobs must not count where all jobs are chosen.
      expect(variable.allValue).toBe(variable.name === 'job' ? undefined : '.+')
    }
  })

  test('links lead to dashboards that are there and keep data source, jobs and time', () => {
    const urls = [...text.matchAll(/"url":"([^"]*)"/g)].map(([, url]) => url ?? '').filter(Boolean)
    for (const url of urls) {
      const uid = /^\/d\/([a-z-]+)\?/.exec(url)?.[1]
      expect(Object.values(uids), url).toContain(uid)
      for (const kept of [
        'prometheus_datasource}',
        'job:queryparam',
        'instance:queryparam',
        '__url_time_range',
      ]) {
        expect(url).toContain(kept)
      }
    }
    const [menu] = dashboard.links ?? []
    expect(menu).toMatchObject({ includeVars: true, keepTime: true, tags: ['iosetu', 'license'] })
  })

  test('a state that has a colour has a word too', () => {
    for (const panel of panels.filter(({ type }) => type === 'state-timeline')) {
      expect(panel.fieldConfig?.defaults.mappings?.length, panel.title).toBeGreaterThan(0)
    }
  })
})

test('each dashboard is what its file says', () => {
  for (const [name, dashboard] of named) {
    const file = new URL(`../../dashboards/json/${name}.json`, import.meta.url)
    expect(JSON.parse(readFileSync(file, 'utf8')), name).toEqual(
      JSON.parse(JSON.stringify(dashboard)),
    )
  }
})
