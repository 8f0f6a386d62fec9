export interface Command {
  name: string
  /** One line of `--help`. */
  summary: string
  /** What `license-exporter NAME --help` prints. */
  usage?: string
  /** Programs that the exporter itself starts; not shown. */
  hidden?: true
  /** Long-running: a reader of its output that goes away does not end it. */
  service?: true
  /** @returns the exit code. @throws ExporterError */
  run(args: string[]): Promise<number>
}

/** Every command; each is loaded when it is called. */
export const commands: readonly Command[] = [
  {
    name: 'run',
    summary: 'read the license servers of the configuration and serve /metrics (default)',
    usage: 'license-exporter [run] [--config FILE] [--shard i/N]',
    service: true,
    run: async args => (await import('./run.ts')).run(args),
  },
  {
    name: 'demo',
    summary: 'the same with invented license servers; nothing has to be installed',
    usage: `license-exporter demo [--port PORT] [--rate-limit N]
                      [--license-state valid|expiring|grace|over|unlicensed]
       license-exporter demo --history 14d [--label NAME=VALUE]… DIR`,
    service: true,
    run: async args => (await import('./demo.ts')).demo(args),
  },
  {
    name: 'check-config',
    summary: 'check the configuration, its tools, files and addresses; contacts nobody',
    usage: 'license-exporter check-config [--config FILE | FILE]',
    run: async args => (await import('./check-config.ts')).checkConfig(args),
  },
  {
    name: 'parse',
    summary: "show what is understood of a license manager's text",
    usage: `license-exporter parse [--manager NAME] [--format text|json] [--timezone ZONE] [--now TIME]
                       [--as TEXT] [--anonymise] FILE|-`,
    run: async args => (await import('./parse.ts')).parse(args),
  },
  {
    name: 'status',
    summary: 'license servers, use and renewals in the terminal',
    usage: 'license-exporter status [--config FILE | --url URL [--key-file FILE]] [--json]',
    run: async args => (await import('./status.ts')).status(args),
  },
  {
    name: 'report',
    summary: 'what each feature needed, from old vendor logs',
    usage: `license-exporter report --manager NAME [--format text|csv|json] [--from TIME] [--to TIME]
                        [--workdays] [--seats N,N] [--timezone ZONE] LOG…`,
    run: async args => (await import('./report.ts')).run(args),
  },
  {
    name: 'backfill',
    summary: 'old vendor logs as OpenMetrics for Prometheus',
    usage: `license-exporter backfill --manager NAME --server NAME --output DIR [--step 5m]
                          [--label NAME=VALUE]… [--timezone ZONE] LOG…`,
    run: async args => (await import('./backfill.ts')).run(args),
  },
  {
    name: 'key',
    summary: 'key pairs and licenses of a vendor, and keys of the API',
    usage: `license-exporter key new --out FILE
       license-exporter key issue --key FILE --customer NAME [--valid 365d] [--not-before TIME]
                        [--edition TEXT] [--id TEXT] [--subject TEXT] [--issuer TEXT]
                        [--product TEXT] [--out FILE]
       license-exporter key inspect [--trusted FILE] FILE|-
       license-exporter key api [--scope read|metrics|users]… NAME`,
    run: async args => (await import('./key.ts')).run(args),
  },
  {
    name: 'health',
    summary: 'ask the running exporter whether it lives, for a container',
    usage: 'license-exporter health [URL]',
    run: async args => (await import('./health.ts')).run(args),
  },
  {
    name: 'demo-tool',
    summary: "the demo's vendor tool",
    hidden: true,
    run: async args => (await import('./demo-tool.ts')).demoTool(args),
  },
]
