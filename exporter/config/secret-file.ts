import { constants, existsSync, readFileSync, type Stats, statSync } from 'node:fs'
import { type Finding, type Path, problem, warning } from './problem.ts'

/** The words for an errno, with what to do. */
export function why(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'does not exist'
  if (code === 'EACCES' || code === 'EPERM') return 'cannot be read by this user'
  if (code === 'EISDIR') return 'is a directory'
  return `cannot be read (${code ?? 'unknown error'})`
}

/** A file that must be there and readable; its text goes to `check`. */
export function* checkFile(
  path: Path,
  file: string,
  check: (bytes: Buffer, stats: Stats) => Iterable<Finding> = () => [],
): Iterable<Finding> {
  let stats: Stats
  let bytes: Buffer
  try {
    stats = statSync(file)
    if (!stats.isFile()) {
      yield problem(path, `${file} is not a regular file; name the file itself`)
      return
    }
    bytes = readFileSync(file)
  } catch (error) {
    if (comesWithUnit(file)) {
      yield warning(path, `${file} is not there now; systemd brings it when the unit starts`)
    } else yield problem(path, `${file} ${why(error)}; write the file, or correct the path`)
    return
  }
  yield* check(bytes, stats)
}

/** A credential of a unit that does not run: whoever checks before the start cannot have it. */
function comesWithUnit(file: string): boolean {
  const [folder] = /^\/run\/credentials\/[^/]+\//.exec(file) ?? []
  return folder !== undefined && !existsSync(folder)
}

/** The same for a file with a secret: only its owner may change it. */
export function* checkSecretFile(
  path: Path,
  file: string,
  check: (text: string) => string | undefined = text =>
    text === '' ? 'is empty; write the secret into it' : undefined,
): Iterable<Finding> {
  yield* checkFile(path, file, function* (bytes, { mode }) {
    if (process.platform !== 'win32') {
      if (mode & (constants.S_IWGRP | constants.S_IWOTH)) {
        yield problem(
          path,
          `${file} can be changed by its group or by others; run chmod go-w on it`,
        )
      } else if (mode & constants.S_IROTH) {
        // What Kubernetes mounts by default: worth a word, no reason not to start.
        yield warning(path, `${file} can be read by everybody; chmod 0400 or 0440 is safer`)
      }
    }
    const what = check(bytes.toString('utf8').trim())
    if (what) yield problem(path, `${file} ${what}`)
  })
}

/** `sha256_file` holds 64 hex digits, also as `sha256sum` prints them (`<hash>  <name>`). */
export function hashProblem(text: string): string | undefined {
  if (/^[0-9a-f]{64}(?:\s|$)/i.test(text)) return undefined
  return 'does not hold 64 hex digits; write what license-exporter key api NAME prints'
}
