/** `node history-child.ts report|backfill …`: the command, then its CPU and memory as the last line of stderr. */
const [name, ...args] = process.argv.slice(2)
const { run } = (await import(`../../exporter/cli/${name}.ts`)) as {
  run(args: string[]): Promise<number>
}
process.exitCode = await run(args)
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
process.stderr.write(
  `\n${JSON.stringify({ user: userCPUTime / 1e6, system: systemCPUTime / 1e6, megabytes: maxRSS / 1024 })}\n`,
)
