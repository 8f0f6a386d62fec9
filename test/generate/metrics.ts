import { labels, type MetricDefinition, metrics } from '../../exporter/catalogue.ts'

const groups: readonly [title: string, about: string, prefix: RegExp][] = [
  ['Own license', 'From the current or last good verified license and the clock.', /^iosetu_/],
  ['License servers', 'Unknown is an absent series, never 0.', /^license_server_/],
  [
    'Features',
    'A feature is (server, manager, vendor, feature); its version is never part of it.',
    /^license_feature_/,
  ],
  ['Pools', 'Lines of capacity, kept apart.', /^license_pool_/],
  [
    'Single checkouts',
    'Only with `[checkouts] series = true`; users and hosts as `[privacy]` says, capped, oldest first.',
    /^license_checkout_/,
  ],
  ['The exporter', 'How the exporter itself is doing.', /^license_exporter_/],
  ['The process', 'The usual ones.', /^(process|nodejs)_/],
]

/** docs/metrics.md */
export function metricsPage(): string {
  const all = Object.entries(metrics) as [string, MetricDefinition][]
  const rows = (prefix: RegExp) =>
    all
      .filter(([name]) => prefix.test(name))
      .map(([name, { kind, labels, help }]) => row(`\`${name}\``, kind, labels.join(', '), help))
  return [
    '# Metrics',
    '<!-- Made from exporter/catalogue.ts by `npm run generate`. -->',
    'Everything on `/metrics`. Readings are made in the background: a scrape starts no command and shows the last reading, until it is three intervals old. `license_exporter_collect_timestamp_seconds` tells its age.',
    ...groups.map(([title, about, prefix]) =>
      [
        `## ${title}\n${about}\n`,
        row('metric', 'type', 'labels', 'meaning'),
        row('---', '---', '---', '---'),
        ...rows(prefix),
      ].join('\n'),
    ),
    [
      '## Labels',
      '',
      row('label', 'meaning'),
      row('---', '---'),
      ...Object.entries(labels).map(([name, help]) => row(`\`${name}\``, help)),
    ].join('\n'),
    upTable,
  ]
    .join('\n\n')
    .concat('\n')
}

export function row(...cells: string[]): string {
  return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

const upTable = `## Up, down, unknown
| what happened | license_server_up | license_exporter_collect_success | reason of license_server_problem |
| --- | --- | --- | --- |
| answered and serves | 1 | 1 | |
| answered that it is down, refused the connection, quorum lost | 0 | 1 | down, connect, quorum |
| our timeout ended the tool | 0 | 0 | timeout |
| \`get\` gives no 200 | absent | 0 | fetch |
| tool missing, text unreadable, input stale, output over the limit, exit code unknown | absent | 0 | tool_missing, unreadable, stale_input, output_limit, exit_code |
| not read yet | absent | absent | |`
