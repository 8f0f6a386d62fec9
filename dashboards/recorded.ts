/** Recording rules of alerts/recording.rules.yml that dashboards read; a test compares the names. */
export const recorded = [
  'feature:license_feature_seats_obtainable:max',
  'feature:license_feature_seats_taken:max',
  'feature:license_feature_full:max',
  'feature:license_feature_seats_used:max1h',
  'feature:license_feature_seats_used:avg1h',
  'feature:license_feature_denials:increase1h',
  'feature:license_feature_full:avg1h',
  'server:license_server_up:avg1h',
] as const

export type Recorded = (typeof recorded)[number]

/** They have the labels of their level alone: one series, however many exporters read a server. */
export function record(name: Recorded): string {
  const level = name.split(':')[0]
  const matchers = level === 'feature' ? ['server', 'vendor', 'feature'] : ['server']
  return `${name}{${matchers.map(label => `${label}=~"$${label}"`).join(', ')}}`
}

/** Over whole hours of the range: the series of an hour is written every four minutes. */
export function hours(
  how: 'max_over_time' | 'avg_over_time' | 'sum_over_time' | 'quantile_over_time',
  name: Recorded,
  argument = '',
): string {
  return `${how}(${argument}${record(name)}[$__range:1h])`
}
