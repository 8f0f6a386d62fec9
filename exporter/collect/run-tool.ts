import { type ChildProcess, spawn } from 'node:child_process'
import { isAbsolute } from 'node:path'
import { ExporterError } from '../errors.ts'
import { decode } from '../managers/decode.ts'
import type { Output, Request } from '../managers/manager.ts'
import { ByteList } from './byte-list.ts'
import { inputLimit, killAfterSeconds, stderrLimit } from './limits.ts'
import { disownGroup, groupLives, ownGroup, signalGroup } from './process-group.ts'
import { toolEnvironment } from './tool-environment.ts'

export { checkTool, missingTool } from './check-tool.ts'
export { closeTools } from './process-group.ts'

export type RunRequest = Extract<Request, { run: unknown }>

export interface RunOptions {
  timeoutSeconds: number
  /** What the tool shall print local times in: the zone that its text is read with. */
  timeZone?: string | undefined
  /** Ends the tool early: shutdown, or its server left the configuration. */
  signal?: AbortSignal | undefined
  killAfterSeconds?: number
}

type Settle = (output: Output, failure: ExporterError | undefined) => void

/** How long a pipe may stay silent after the tool ended, while a grandchild holds it. */
const heldPipeMs = 250
/** Something that floods a pipe after the tool ended is listened to for so long. */
const drainMs = 2000
/** A process that survives SIGKILL hangs in the kernel; nobody waits for it. */
const unkillableMs = 1000

/**
 * Runs a vendor's tool: argv without a shell, in a process group of its own, with a clean
 * environment. Settles whatever the tool does, and leaves none of its processes behind.
 *
 * @throws ExporterError timeout, tool_missing, output_limit, or unreadable where the system could
 * not start it
 */
export function runTool(request: RunRequest, options: RunOptions): Promise<Output> {
  return new Promise((resolve, reject) => {
    const [tool, ...args] = request.run
    if (!isAbsolute(tool)) {
      throw new ExporterError('config', 'a tool needs an absolute path', { tool })
    }
    if (options.signal?.aborted) throw stopped(tool)
    let child: ChildProcess
    try {
      child = spawn(tool, args, {
        detached: process.platform !== 'win32',
        shell: false,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: toolEnvironment(request.env, options.timeZone),
        cwd: process.platform === 'win32' ? undefined : '/',
        windowsHide: true,
      })
    } catch (error) {
      throw notStarted(tool, error)
    }
    new RunningTool(child, request, options, (output, failure) => {
      if (failure) reject(failure)
      else resolve(output)
    })
  })
}

/** From start to the end of its last process. */
class RunningTool {
  readonly #child: ChildProcess
  readonly #tool: string
  readonly #text: string
  readonly #options: RunOptions
  readonly #settle: Settle
  readonly #stdout = new ByteList(inputLimit)
  readonly #stderr = new ByteList(stderrLimit)
  readonly #onAbort = () => this.#stop(stopped(this.#tool))
  #failure: ExporterError | undefined
  #timer: NodeJS.Timeout | undefined
  #exitCode: number | undefined
  #exitedAt: number | undefined
  #killed = false
  #ended = false

  constructor(child: ChildProcess, request: RunRequest, options: RunOptions, settle: Settle) {
    this.#child = child
    this.#tool = request.run[0]
    this.#text = request.text
    this.#options = options
    this.#settle = settle
    child.on('error', error => this.#notStarted(error))
    if (child.pid === undefined) return
    ownGroup(child.pid)
    options.signal?.addEventListener('abort', this.#onAbort)
    this.#after(options.timeoutSeconds * 1000, () => this.#timedOut())
    child.stdout?.on('data', piece => this.#hear(this.#stdout, piece)).on('error', () => {})
    child.stderr?.on('data', piece => this.#hear(this.#stderr, piece)).on('error', () => {})
    child.on('exit', code => this.#exited(code))
    child.on('close', () => this.#end())
  }

  #hear(list: ByteList, piece: Uint8Array): void {
    const fits = list.add(piece)
    if (list === this.#stdout && !fits) {
      if (this.#failure) return
      const limit = `${inputLimit / 1024 / 1024} MiB`
      const message = `${this.#tool} wrote more than ${limit}: that is no answer of a license server`
      this.#failure = new ExporterError('output_limit', message, { tool: this.#tool })
      this.#kill()
    } else if (this.#exitedAt !== undefined && performance.now() - this.#exitedAt < drainMs) {
      this.#drain()
    }
  }

  /** A busy event loop sees the timer before the answer that already waits in the pipe. */
  #timedOut(): void {
    setImmediate(() => {
      if (this.#ended || this.#exitedAt !== undefined) return
      const seconds = this.#options.timeoutSeconds
      const message = `${this.#tool} gave no answer within ${seconds} s and was ended`
      this.#stop(new ExporterError('timeout', message, { tool: this.#tool, timeout: seconds }))
    })
  }

  #stop(failure: ExporterError): void {
    if (this.#ended || this.#killed) return
    this.#failure ??= failure
    this.#signal('SIGTERM')
    this.#after((this.#options.killAfterSeconds ?? killAfterSeconds) * 1000, () => this.#kill())
  }

  #kill(): void {
    this.#killed = true
    this.#signal('SIGKILL')
    this.#after(this.#exitedAt === undefined ? unkillableMs : heldPipeMs, () => this.#end())
  }

  #exited(code: number | null): void {
    this.#exitCode = code ?? undefined
    this.#exitedAt = performance.now()
    this.#drain()
  }

  /** What is in the pipe is still read; a grandchild that holds it silently is ended. */
  #drain(): void {
    this.#after(heldPipeMs, () => this.#kill())
  }

  #notStarted(error: Error): void {
    if (this.#child.pid !== undefined) return
    this.#failure = notStarted(this.#tool, error)
    this.#end()
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    clearTimeout(this.#timer)
    const { pid, stdout, stderr } = this.#child
    if (pid !== undefined) {
      this.#signal('SIGKILL')
      disownGroup(pid)
    }
    this.#options.signal?.removeEventListener('abort', this.#onAbort)
    stdout?.destroy()
    stderr?.destroy()
    this.#child.unref()
    this.#settle(
      {
        text: this.#text,
        stdout: this.#stdout.bytes(),
        stderr: decode(this.#stderr.bytes()),
        exitCode: this.#exitCode,
        at: new Date(),
      },
      this.#failure,
    )
  }

  #signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    const { pid } = this.#child
    if (pid === undefined) return
    // The leader is reaped: only what it left behind keeps the group's id from being reused.
    if (this.#exitedAt !== undefined && !groupLives(pid)) return
    signalGroup(pid, signal)
  }

  #after(ms: number, then: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(then, ms)
  }
}

const missingCodes = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ENOEXEC', 'ELOOP', 'EISDIR'])

function notStarted(tool: string, cause: unknown): ExporterError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
  if (!missingCodes.has(code)) {
    const message = `${tool} could not be started (${code})`
    return new ExporterError('unreadable', message, { tool, code }, { cause })
  }
  const why = code === 'ENOENT' ? 'does not exist' : `cannot be run (${code})`
  return new ExporterError('tool_missing', `${tool} ${why}`, { tool, code }, { cause })
}

function stopped(tool: string): ExporterError {
  return new ExporterError('internal', `${tool} was ended because the exporter stops`, { tool })
}
