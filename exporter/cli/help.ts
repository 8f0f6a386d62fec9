import { type Command, commands } from './commands.ts'

const examples = `
  license-exporter demo
  license-exporter --config license-exporter.toml
  license-exporter check-config license-exporter.toml
  lmutil lmstat -a -c 27000@lic1 | license-exporter parse --manager flexlm -`

/** What `--help` prints. */
export function help(): string {
  const shown = commands.filter(({ hidden }) => !hidden)
  const width = Math.max(...shown.map(({ name }) => name.length))
  const lines = shown.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)
  return `License servers and your own license as Prometheus and OpenTelemetry metrics.

usage: license-exporter [COMMAND] [OPTIONS]

${lines.join('\n')}

  --config FILE  configuration; else $LICENSE_EXPORTER_CONFIG, ./license-exporter.toml,
                 /etc/license-exporter.toml
  --help         this text; with a command, its options
  --version      version of the exporter

examples:${examples}
`
}

export function commandHelp({ name, summary, usage }: Command): string {
  return `usage: ${usage ?? `license-exporter ${name}`}\n\n${summary}\n`
}
