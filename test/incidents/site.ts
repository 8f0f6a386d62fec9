import { appendFileSync, copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inDays, type Line, licenseFile, lmstat, type Site } from './answers.ts'

/** One license server of an incident: its fake tool, its log, its license file. */
export class Server {
  readonly name: string
  readonly #folder: string
  #site: Site
  readonly #withFile: boolean

  constructor(root: string, name: string, machines = 1, withFile = false) {
    this.name = name
    this.#folder = join(root, name)
    this.#withFile = withFile
    mkdirSync(this.#folder, { recursive: true })
    copyFileSync(fileURLToPath(new URL('tools/lmutil', import.meta.url)), this.#tool)
    writeFileSync(this.#log, '10:00:00 (lmgrd) TIMESTAMP 3/2/2026\n')
    const hosts = ['lic-a', 'lic-b', 'lic-c'].slice(0, machines)
    this.#site = {
      machines: hosts.map((host, i) => ({ name: host, state: i === 0 ? 'master' : 'up' })),
      daemon: 'up',
      lines: [{ seats: 10, expires: inDays(400) }],
      used: 2,
    }
    this.file(this.#site.lines)
    this.says({})
  }

  get #tool() {
    return join(this.#folder, 'lmutil')
  }

  get #log() {
    return join(this.#folder, 'debug.log')
  }

  get toml(): string {
    const address = this.#site.machines.map(({ name }) => `27000@${name}`).join(',')
    return `
[[server]]
name = ${JSON.stringify(this.name)}
manager = "flexlm"
address = "${address}"
tool = "${this.#tool}"
interval = "3s"
timezone = "UTC"
logs = ["${this.#log}"]
${this.#withFile ? `license_files = ["${join(this.#folder, 'site.lic')}"]` : ''}
`
  }

  /** From now on the tool answers so; a rename, because half an answer is another incident. */
  says(change: Partial<Site>): void {
    this.#site = { ...this.#site, ...change }
    const next = join(this.#folder, 'answer.new')
    writeFileSync(join(this.#folder, 'code'), this.#site.refused ? '241' : '0')
    writeFileSync(next, lmstat(this.#site))
    renameSync(next, join(this.#folder, 'answer.txt'))
  }

  machines(...states: Site['machines'][number]['state'][]): void {
    const { machines } = this.#site
    this.says({ machines: machines.map((one, i) => ({ ...one, state: states[i] ?? one.state })) })
  }

  file(lines: readonly Line[]): void {
    writeFileSync(join(this.#folder, 'site.lic'), licenseFile(lines))
  }

  hideTool(hidden: boolean): void {
    const away = `${this.#tool}.away`
    renameSync(hidden ? this.#tool : away, hidden ? away : this.#tool)
  }

  log(text: string): void {
    appendFileSync(this.#log, text)
  }

  refuse(): void {
    const why = '(Licensed number of users already reached. (-4,342))'
    this.log(`10:00:00 (drafty) DENIED: "pro" ann@ws-9  ${why}\n`)
  }
}
