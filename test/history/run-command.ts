/** `node run-command.ts backfill|report …`: the command alone, its errors as the program shows them. */
import { ExporterError } from '../../exporter/errors.ts'

const [name, ...args] = process.argv.slice(2)
const { run } = (await import(`../../exporter/cli/${name}.ts`)) as {
  run(args: string[]): Promise<number>
}
try {
  process.exitCode = await run(args)
} catch (error) {
  if (!(error instanceof ExporterError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = error.code === 'usage' ? 2 : 1
}
