import { type Command, commands } from './cli/commands.ts'
import { commandHelp, help } from './cli/help.ts'
import { quote } from './cli/options.ts'
import { print, printError } from './cli/print.ts'
import { ExporterError } from './errors.ts'
import { keepHeapSmall } from './heap.ts'
import { nearest } from './nearest.ts'
import { version } from './version.ts'

void main(process.argv.slice(2)).then(code => process.exit(code))

async function main(argv: string[]): Promise<number> {
  // `npm start -- demo`: the flag of the npm script stands before the command.
  const npmStart = argv[0] === '--npm-start'
  const args = npmStart ? argv.slice(1) : argv
  const [first, ...rest] = args
  const named = first !== undefined && !first.startsWith('-')
  const command = named ? commands.find(({ name }) => name === first) : commands[0]
  if (!command) return unknownCommand(String(first))
  survivePipes(command)
  const own = named ? rest : args
  const flags = own.slice(0, own.indexOf('--') < 0 ? own.length : own.indexOf('--'))
  if (!command.hidden) {
    if (flags.includes('--help') || flags.includes('-h')) {
      await print(named ? commandHelp(command) : help())
      return 0
    }
    if (flags.includes('--version') || flags.includes('-V')) {
      await print(`license-exporter ${version}\n`)
      return 0
    }
  }
  if (command.service) await keepHeapSmall()
  try {
    return await command.run(npmStart && !named ? ['--npm-start', ...own] : own)
  } catch (error) {
    return failed(error)
  }
}

async function unknownCommand(name: string): Promise<number> {
  if (name === 'help') {
    await print(help())
    return 0
  }
  const near = nearest(
    name,
    commands.filter(({ hidden }) => !hidden).map(one => one.name),
  )
  const mend = near ? `did you mean ${near}?` : 'license-exporter --help lists them'
  await printError(`license-exporter: unknown command ${quote(name)}; ${mend}`)
  return 2
}

/** 2 = not started: command line or configuration. 1 = it did not work. */
async function failed(error: unknown): Promise<number> {
  if (!(error instanceof ExporterError)) {
    const { code, syscall, address, port } = error as NodeJS.ErrnoException & Listen
    if (syscall === 'listen' || syscall === 'bind') {
      await printError(`license-exporter: ${listenProblem(code, `${address}:${port}`)}`)
      return 1
    }
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
    await printError(`license-exporter: unexpected error, please report it\n${what}`)
    return 1
  }
  if (error.code === 'config') await printError(error.message)
  else await printError(`license-exporter: ${error.message}`)
  if (error.code === 'usage') await printError('license-exporter --help shows how it is called')
  // The configuration may be good and the port be taken: that is not `config`, wherever it is found.
  const { syscall } = (error.cause ?? {}) as NodeJS.ErrnoException
  if (syscall === 'listen' || syscall === 'bind') return 1
  return error.code === 'config' || error.code === 'usage' ? 2 : 1
}

interface Listen {
  address?: string
  port?: number
}

function listenProblem(code: string | undefined, where: string): string {
  const mend = 'choose another [api] bind_port'
  if (code === 'EADDRINUSE') return `${where} is in use by another program; stop it, or ${mend}`
  if (code === 'EACCES') return `${where} needs more rights than this user has; ${mend}`
  if (code === 'EADDRNOTAVAIL') {
    return `${where} is no address of this machine; correct [api] bind_address`
  }
  return `cannot listen on ${where} (${code}); ${mend}`
}

/** `license-exporter parse FILE | head` ends quietly; an exporter whose log reader died goes on. */
function survivePipes({ service }: Command): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => {
      if (!service) process.exit(0)
    })
  }
}
