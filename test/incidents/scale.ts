import { parse, stringify } from 'yaml'

/**
 * Copies of the rules and routes in which minutes are seconds. What a person decides in days stays:
 * `* 3600` and `* 86400` count what a license says, and licenses of any age can be made.
 */

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** Minutes become seconds; beyond an hour the scale bends, so that a week fits into an incident. */
export function shortSeconds(seconds: number): number {
  if (seconds <= 3600) return Math.max(1, Math.round(seconds / 60))
  return Math.round(60 + 3 * Math.log2(seconds / 3600))
}

function short(duration: string): string {
  const [, amount, unit = 's'] = /^(\d+)([smhd])$/.exec(duration) ?? []
  return `${shortSeconds(Number(amount) * (units[unit] ?? 1))}s`
}

export function shortExpression(expression: string): string {
  return expression
    .replaceAll(/\[([^\]]+)\]/g, (_, range: string) => `[${range.split(':').map(short).join(':')}]`)
    .replaceAll(/offset (\d+[smhd])/g, (_, duration: string) => `offset ${short(duration)}`)
    .replaceAll(/\* 60\b/g, '* 1')
}

interface Rule {
  alert?: string
  expr: string
  for?: string
  keep_firing_for?: string
}

interface RuleFile {
  groups: { name: string; interval?: string; rules: Rule[] }[]
}

/** Questions of weeks cannot be played in minutes; promtool plays them. */
export const notPlayed = ['LicenseFeatureUndersized', 'LicenseFeatureOversized']

export function shortRules(text: string): string {
  const { groups } = parse(text) as RuleFile
  return stringify({
    groups: groups.map(group => ({
      ...group,
      // A group that is asked once an hour is asked as often as the others: it costs nothing here.
      interval: group.interval ? '5s' : '1s',
      rules: group.rules
        .filter(({ alert = '' }) => !notPlayed.includes(alert))
        .map(rule => ({
          ...rule,
          expr: shortExpression(rule.expr),
          ...(rule.for && { for: short(rule.for) }),
          ...(rule.keep_firing_for && { keep_firing_for: short(rule.keep_firing_for) }),
        })),
    })),
  })
}

interface Route {
  active_time_intervals?: string[]
  routes?: Route[]
  [key: string]: unknown
}

/** The shipped routes and inhibitions, at once, at any hour, to our receiver. */
export function shortRoutes(text: string, receiver: string): string {
  const config = parse(text) as { route: Route; receivers: { name: string }[] }
  const fast = ({ active_time_intervals: _, routes, ...route }: Route): Route => ({
    ...route,
    group_wait: '2s',
    group_interval: '2s',
    ...(routes && { routes: routes.map(fast) }),
  })
  return stringify({
    ...config,
    route: fast(config.route),
    receivers: config.receivers.map(({ name }) => ({
      name,
      webhook_configs: [{ url: `${receiver}/${name}`, send_resolved: true }],
    })),
  })
}
