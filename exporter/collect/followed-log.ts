import type { LogReader } from '../managers/manager.ts'
import type { Logger } from '../parts.ts'
import { newerThan, partKey, partsAfter, type Relative, regular, relatives } from './log-family.ts'
import { entryId, type LogPosition, type TailEntry } from './log-position.ts'
import { inodeOf, type LogLine, OpenLog } from './open-log.ts'

export interface FollowedLogOptions {
  server: string
  path: string
  reader: LogReader
  positions: readonly LogPosition[]
  sliceBytes: number
  /** A renamed log is read on so long after its last line: its daemon may not have reopened it. */
  drainMs: number
  onEntries(entries: readonly TailEntry[]): void
  log: Logger
}

export interface Slice {
  lines: number
  more: boolean
  problem: string | undefined
}

/** One configured log through all its rotations. */
export class FollowedLog {
  readonly #options: FollowedLogOptions
  /** The files that are read, the oldest first; the last one is what the path means. */
  #files: OpenLog[] = []
  /** When a file that is not the last one was first seen at its end. */
  readonly #drained = new Map<OpenLog, number>()
  /** Copies and older parts: nobody writes to them any more. */
  readonly #finished = new Set<OpenLog>()
  #begun = false

  constructor(options: FollowedLogOptions) {
    this.#options = options
    const [first] = options.positions
    if (first?.reader !== undefined) options.reader.restore(first.reader)
  }

  /** At most one slice of each file. */
  async read(): Promise<Slice> {
    const slice: Slice = { lines: 0, more: false, problem: undefined }
    try {
      await this.#find()
      for (const file of [...this.#files]) await this.#advance(file, slice)
      await this.#dropDrained()
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? (error as Error).message
      slice.problem = `cannot be read (${code})`
    }
    slice.problem ??= this.#problem
    return slice
  }
  #problem: string | undefined

  get lagBytes(): number {
    return this.#files.reduce((sum, { size, offset }) => sum + Math.max(0, size - offset), 0)
  }

  /** When something was last written, Unix seconds. */
  get modifiedAt(): number | undefined {
    const last = this.#files.at(-1)
    return last && last.size > 0 ? Number(last.modified) / 1e9 : undefined
  }

  positions(): LogPosition[] {
    if (!this.#begun) return [...this.#options.positions]
    const state = this.#options.reader.state()
    return this.#files.map(file => file.position(this.#options.path, state))
  }

  async close(): Promise<void> {
    await Promise.all(this.#files.map(file => file.close()))
    this.#files = []
  }

  /** Opens what the path means now, and what came between it and what was read so far. */
  async #find(): Promise<void> {
    const { path } = this.#options
    const stats = await regular(path)
    this.#problem = stats === 'other' ? 'is not a regular file' : undefined
    if (!this.#begun) {
      await this.#begin(typeof stats !== 'string')
      this.#begun = true
      return
    }
    const last = this.#files.at(-1)
    const same = typeof stats !== 'string' && last?.inode === inodeOf(stats)
    for (const file of this.#files) {
      if (same && file === last) file.see(stats)
      else await file.look()
    }
    if (typeof stats === 'string' || same) return
    const current = await OpenLog.open(path)
    if (!current) return
    if (current.inode === last?.inode) return current.close()
    const all = await relatives(path)
    const parts = last ? newerThan(all, [last], last.modified) : []
    await this.#openParts(parts, current.inode)
    this.#push(current, all)
  }

  async #begin(there: boolean): Promise<void> {
    await this.close()
    const { path, positions, server, log } = this.#options
    if (positions.length === 0) {
      const file = there ? await OpenLog.open(path) : undefined
      if (!file) return log.info('the vendor log is not there yet', { server, path })
      await file.seekEnd()
      this.#push(file, await relatives(path))
      return
    }
    const current = there ? await OpenLog.open(path) : undefined
    const older = await relatives(path)
    for (const position of positions) {
      if (await this.#restore(position, older, current)) continue
      log.warn('the vendor log that was read before is gone', { server, path })
    }
    // If it was being read when the exporter ended, all that came before it was read too.
    const restored = this.#files.filter(file => file !== current)
    if (current && this.#files.includes(current)) {
      this.#files = [...restored, current]
      return
    }
    const modified = BigInt(Math.ceil(Math.max(...positions.map(one => one.modifiedMs)) * 1e6))
    const all = await relatives(path)
    await this.#openParts(newerThan(all, restored, modified), current?.inode)
    if (current) this.#push(current, all)
  }

  #push(file: OpenLog, all: readonly Relative[]): void {
    const newest = all.at(-1)
    file.after = newest && partKey(newest)
    this.#files.push(file)
  }

  /** The file of a position: by its first bytes, as renaming keeps them and copying too. */
  async #restore(
    position: LogPosition,
    older: readonly Relative[],
    current: OpenLog | undefined,
  ): Promise<OpenLog | undefined> {
    if (current && !this.#files.includes(current)) {
      const same = current.inode === position.inode || older.length === 0
      if ((same || position.offset > 0) && (await current.seek(position))) {
        this.#files.push(current)
        return current
      }
    }
    const byInode = older.filter(one => one.inode === position.inode)
    const { offset, modifiedMs } = position
    // An empty start tells no file from another.
    const since = older.filter(one => offset > 0 && Number(one.modified) / 1e6 >= modifiedMs - 1)
    for (const one of [...byInode, ...since]) {
      if (this.#files.some(file => file.inode === one.inode)) continue
      const file = await OpenLog.open(one.path)
      if (!file) continue
      if (file.inode === one.inode && (await file.seek(position))) {
        this.#files.push(file)
        return file
      }
      await file.close()
    }
    return undefined
  }

  /** Parts that nobody read: there were several rotations in one pause. */
  async #openParts(
    parts: readonly Relative[],
    current: string | undefined,
    before?: OpenLog,
  ): Promise<number> {
    let opened = 0
    for (const { path, inode } of parts) {
      if (inode === current || this.#files.some(file => file.inode === inode)) continue
      const file = await OpenLog.open(path)
      if (!file) continue
      this.#finished.add(file)
      this.#files.splice(before ? this.#files.indexOf(before) : this.#files.length, 0, file)
      opened++
    }
    return opened
  }

  /** Parts that were cut off a file of which nothing was read yet; false = there are some. */
  async #confirmFirst(file: OpenLog): Promise<boolean> {
    if (this.#finished.has(file)) return true
    const all = await relatives(this.#options.path)
    const opened = await this.#openParts(this.#unread(file, all), file.inode, file)
    const newest = all.at(-1)
    file.after = newest && partKey(newest)
    return opened === 0
  }

  #unread({ after }: OpenLog, all: readonly Relative[]): readonly Relative[] {
    return partsAfter(all, after, inode => this.#files.some(file => file.inode === inode))
  }

  async #advance(file: OpenLog, slice: Slice): Promise<void> {
    if (file.idle) return
    const confirmFirst = () => this.#confirmFirst(file)
    const same = await file.lines(this.#options.sliceBytes, confirmFirst, lines => {
      const entries: TailEntry[] = []
      for (const line of lines) {
        const replayed = line.offset < file.counted
        if (!replayed) slice.lines++
        const entry = this.#understand(file, line, replayed)
        if (entry) entries.push(entry)
      }
      if (entries.length > 0) this.#options.onEntries(entries)
    })
    if (!same) await this.#truncated(file)
    if (!same || !file.idle) slice.more = true
  }

  #understand(
    file: OpenLog,
    { text, offset, end }: LogLine,
    replayed: boolean,
  ): TailEntry | undefined {
    const { reader, server, path } = this.#options
    const entry = text === '' ? undefined : reader.read(text)
    if (!entry) return undefined
    const fingerprint = file.fingerprint(end)
    const id = entryId(server, fingerprint, offset)
    const position = file.position(path, reader.state(), offset, end)
    return { entry, path, fingerprint, offset, id, replayed, position }
  }

  /** copytruncate keeps what was not read yet in its copy; after a plain truncation it is lost. */
  async #truncated(file: OpenLog): Promise<void> {
    const { path, server, log } = this.#options
    const position = file.position(path, undefined)
    await file.close()
    const place = this.#files.indexOf(file)
    this.#files.splice(place, 1)
    this.#drained.delete(file)
    if (this.#finished.delete(file)) return
    const next = this.#files[place]
    const current = await OpenLog.open(path)
    const all = await relatives(path)
    const { copy, shorter } = await this.#copyOf(position, all)
    if (copy) {
      this.#finished.add(copy)
      this.#files.splice(place, 0, copy)
      await this.#openParts(newerThan(all, [copy], copy.modified), current?.inode, next)
    } else {
      log.info('the vendor log was truncated', { server, path })
      const unread = this.#unread(file, all).filter(({ inode }) => !shorter.includes(inode))
      await this.#openParts(unread, current?.inode, next)
    }
    if (!current) return
    if (this.#files.some(({ inode }) => inode === current.inode)) return current.close()
    this.#push(current, all)
  }

  /** The copy that goes on where we stopped; shorter ones of the same file have been read. */
  async #copyOf(
    position: LogPosition,
    all: readonly Relative[],
  ): Promise<{ copy?: OpenLog; shorter: string[] }> {
    const shorter: string[] = []
    if (position.offset === 0) return { shorter }
    for (const one of all.toReversed()) {
      if (this.#files.some(({ inode }) => inode === one.inode)) continue
      if (Number(one.modified) / 1e6 < position.modifiedMs - 1) continue
      const copy = await OpenLog.open(one.path)
      if (!copy) continue
      if (await copy.seek(position)) return { copy, shorter }
      if (await copy.startsAs(position)) shorter.push(copy.inode)
      await copy.close()
    }
    return { shorter }
  }

  async #dropDrained(): Promise<void> {
    const now = performance.now()
    for (const file of this.#files.slice(0, -1)) {
      if (!file.idle) {
        this.#drained.delete(file)
        continue
      }
      const since = this.#drained.get(file) ?? now
      this.#drained.set(file, since)
      if (now - since < this.#options.drainMs) continue
      this.#drained.delete(file)
      this.#finished.delete(file)
      this.#files.splice(this.#files.indexOf(file), 1)
      await file.close()
    }
  }
}
