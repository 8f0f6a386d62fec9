import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { tool } from '../needs.ts'

/**
 * A root folder as the base NODE: this machine's distribution at its least, this Node, npm, and
 * what apt and npm here are set up with, so that a build reaches what this machine reaches.
 */
export function nodeRoot(root: string): void {
  const [mirror = '', suite = ''] = archive()
  const { status, stdout } = spawnSync('debootstrap', ['--variant=minbase', suite, root, mirror], {
    encoding: 'utf8',
    timeout: 400_000,
  })
  if (status !== 0) throw new Error(`debootstrap: ${stdout.trim().split('\n').at(-1)}`)
  writeFileSync(join(root, 'etc/apt/apt.conf.d/90here'), text('apt-config', 'dump', 'Acquire'))
  const local = join(root, 'usr/local')
  copyFileSync(process.execPath, join(local, 'bin/node'))
  const npm = dirname(dirname(realpathSync(tool('npm')!)))
  cpSync(npm, join(local, 'lib/node_modules/npm'), { recursive: true, verbatimSymlinks: true })
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(local, 'bin/npm'))
  npmSettings(root)
}

/** Where apt gets its packages here, and for which release. */
function archive(): string[] {
  const format = '$(REPO_URI) $(CODENAME)'
  return text('apt-get', 'indextargets', '--format', format, 'Created-By: Packages')
    .split('\n')[0]!
    .split(' ')
}

/** Addresses and certificates; passwords stay where they are. */
function npmSettings(root: string): void {
  const settings = new Map(
    ['registry', 'cafile', 'proxy', 'https-proxy', 'strict-ssl']
      .map(key => [key, text('npm', 'config', 'get', key)] as const)
      .filter(([, value]) => !/^(null|undefined|)$/.test(value)),
  )
  const authorities = settings.get('cafile') ?? process.env.NODE_EXTRA_CA_CERTS
  if (authorities && existsSync(authorities)) {
    settings.set('cafile', authorities)
    mkdirSync(dirname(join(root, authorities)), { recursive: true })
    copyFileSync(authorities, join(root, authorities))
  }
  const lines = [...settings].map(([key, value]) => `${key} = ${value}\n`)
  mkdirSync(join(root, 'usr/local/etc'), { recursive: true })
  writeFileSync(join(root, 'usr/local/etc/npmrc'), lines.join(''))
}

const text = (program: string, ...args: string[]) =>
  execFileSync(program, args, { encoding: 'utf8' }).trim()
