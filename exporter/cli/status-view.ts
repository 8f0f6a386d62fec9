import type { FeatureStatus, PoolStatus, ServerStatus, StatusData } from './status-data.ts'
import { number, table } from './table.ts'

export type Style = 'red' | 'yellow' | 'green' | 'dim'
export type Paint = (style: Style, text: string) => string

export interface ViewOptions {
  now: Date
  paint: Paint
  /** Rows of features and of pools. */
  most: number
}

const barWidth = 20
const daySeconds = 86_400

/** Pure: what `status` prints. */
export function statusText(data: StatusData, options: ViewOptions): string {
  const parts = [
    servers(data.servers, options),
    features(data.features, options),
    pools(data.pools, options),
  ]
  return `${parts
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}\n`
}

function servers(list: readonly ServerStatus[], { now, paint }: ViewOptions): string[] {
  if (list.length === 0) return ['no license servers are configured']
  const rows = list.map(({ server, manager, up, reason = '', at }) => [
    up === undefined ? (at === undefined ? 'not read' : 'unknown') : up ? 'up' : 'DOWN',
    server,
    manager,
    at === undefined ? '' : age(now, at),
    reason,
  ])
  const color = (row: number): Style => {
    const { up } = list[row]!
    return up === undefined ? 'yellow' : up ? 'green' : 'red'
  }
  return table(
    ['STATE', 'LICENSE SERVER', 'MANAGER', 'READ', 'REASON'],
    rows,
    ['left', 'left', 'left', 'right'],
    (cell, row, column) => (column === 0 ? paint(color(row), cell) : cell),
  )
}

function age(now: Date, at: string): string {
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(at)) / 1000))
  if (seconds < 120) return `${seconds} s ago`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min ago`
  if (seconds < 2 * daySeconds) return `${Math.round(seconds / 3600)} h ago`
  return `${Math.round(seconds / daySeconds)} d ago`
}

/** Share of the seats in use; undefined where one of the two is not known. */
function share({ counting, seats: { issued, used } }: FeatureStatus): number | undefined {
  if (counting === 'uncounted' || issued === undefined || used === undefined) return undefined
  if (issued === 0) return used > 0 ? 1 : 0
  return used / issued
}

function features(list: readonly FeatureStatus[], { paint, most }: ViewOptions): string[] {
  if (list.length === 0) return []
  const sorted = list.toSorted(
    (a, b) =>
      (share(b) ?? -1) - (share(a) ?? -1) ||
      (b.seats.used ?? 0) - (a.seats.used ?? 0) ||
      order(a.feature, b.feature) ||
      order(a.server, b.server),
  )
  const shown = sorted.slice(0, most)
  const rows = shown.map(one => [
    one.feature,
    one.product === one.feature ? '' : (one.product ?? ''),
    one.server,
    one.counting === 'uncounted' ? 'uncounted' : number(one.seats.issued),
    number(one.seats.used),
    bar(share(one)),
    percent(share(one)),
  ])
  const color = (row: number): Style | undefined => {
    const part = share(shown[row]!) ?? 0
    return part >= 1 ? 'red' : part >= 0.9 ? 'yellow' : undefined
  }
  return [
    ...table(
      ['FEATURE', 'PRODUCT', 'SERVER', 'SEATS', 'USED', '', ''],
      rows,
      ['left', 'left', 'left', 'right', 'right', 'left', 'right'],
      (cell, row, column) => {
        const style = column >= 5 ? color(row) : undefined
        return style ? paint(style, cell) : cell
      },
    ),
    ...more(sorted.length - shown.length, 'features', paint),
  ]
}

function bar(part: number | undefined): string {
  if (part === undefined) return ''
  // One seat of many is not nothing, and all but one is not everything.
  const exact = Math.min(1, part) * barWidth
  const full = exact > barWidth / 2 ? Math.floor(exact) : Math.ceil(exact)
  return '█'.repeat(full) + '░'.repeat(barWidth - full)
}

const percent = (part: number | undefined) =>
  part === undefined ? '' : `${Math.floor(part * 100)} %`

function pools(list: readonly PoolStatus[], { now, paint, most }: ViewOptions): string[] {
  const ending = list
    .flatMap(pool => (pool.expires_at === undefined ? [] : [{ pool, at: pool.expires_at }]))
    .toSorted((a, b) => order(a.at, b.at) || order(a.pool.feature, b.pool.feature))
  if (ending.length === 0) return []
  const shown = ending.slice(0, most).map(({ pool, at }) => {
    const days = Math.floor((Date.parse(at) - now.getTime()) / 1000 / daySeconds)
    const late = Date.parse(at) < now.getTime()
    const left = late ? 'expired' : days < 1 ? 'today' : `${days} d`
    const cells = [at.slice(0, 10), left, pool.feature, pool.version, pool.server]
    return {
      cells: [...cells, number(pool.seats)],
      style: late ? 'red' : days <= 30 ? 'yellow' : '',
    }
  })
  return [
    ...table(
      ['EXPIRES', 'LEFT', 'POOL OF', 'VERSION', 'SERVER', 'SEATS'],
      shown.map(({ cells }) => cells),
      ['left', 'right', 'left', 'left', 'left', 'right'],
      (cell, row, column) => {
        const style = column < 2 ? shown[row]!.style : ''
        return style === '' ? cell : paint(style as Style, cell)
      },
    ),
    ...more(ending.length - shown.length, 'pools', paint),
  ]
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const more = (left: number, what: string, paint: Paint) =>
  left > 0 ? [paint('dim', `… and ${left} more ${what}; --all shows them`)] : []
