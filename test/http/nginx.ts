import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A real nginx with a shipped configuration, on ports of its own. */
export interface Nginx {
  folder: string
  /** Of `nginx -t`. */
  check: string
  close(): Promise<void>
}

export const nginxProgram = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx'].find(
  existsSync,
)

/** `replace` changes addresses of the shipped file, each of which must be there. */
export async function startNginx(
  text: string,
  replace: Readonly<Record<string, string>>,
): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'))
  const files = { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') }
  if (/ssl_certificate/.test(text)) makeCertificate(files)
  let changed = text
    .replaceAll(/ssl_certificate [^;]+;/g, `ssl_certificate ${files.cert};`)
    .replaceAll(/ssl_certificate_key [^;]+;/g, `ssl_certificate_key ${files.key};`)
  for (const [from, to] of Object.entries(replace)) {
    if (!changed.includes(from)) throw new Error(`the configuration does not say ${from}`)
    changed = changed.replaceAll(from, to)
  }
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  for (const path of paths) mkdirSync(join(folder, path))
  const main = join(folder, 'nginx.conf')
  writeFileSync(join(folder, 'site.conf'), changed)
  writeFileSync(
    main,
    `daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  ${paths.map(path => `${path}_temp_path ${folder}/${path};`).join('\n  ')}
  include ${folder}/site.conf;
}
`,
  )
  execFileSync('chmod', ['-R', 'a+rwX', folder])
  const { stderr } = run(['-t', '-c', main])
  const child = spawn(nginxProgram!, ['-c', main, '-e', `${folder}/error.log`], { stdio: 'ignore' })
  const port = Number(/listen (?:127\.0\.0\.1:)?(\d+)/.exec(changed)![1])
  await answered(port, child, folder)
  return {
    folder,
    check: stderr,
    async close() {
      const gone = new Promise(resolve => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function run(args: string[]): { stderr: string } {
  const out = join(mkdtempSync(join(tmpdir(), 'nginx-check-')), 'stderr')
  execFileSync('sh', [
    '-c',
    `"$0" "$@" 2>${out} || { cat ${out} >&2; exit 1; }`,
    nginxProgram!,
    ...args,
  ])
  return { stderr: readFileSync(out, 'utf8') }
}

function makeCertificate({ cert, key }: { cert: string; key: string }): void {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const name = ['-days', '2', '-subj', '/CN=licenses.example.com']
  const args = ['req', '-x509', ...curve, '-keyout', key, '-out', cert, ...name]
  execFileSync('openssl', args, { stdio: 'ignore' })
}

async function answered(port: number, child: ChildProcess, folder: string): Promise<void> {
  for (let i = 0; i < 100; i++) {
    if (child.exitCode !== null) break
    const open = await new Promise(resolve => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(true))
      socket.on('error', () => resolve(false))
      socket.on('close', () => resolve(false))
      socket.setTimeout(500, () => socket.destroy())
      socket.once('connect', () => socket.end())
    })
    if (open) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error(`nginx does not listen: ${readFileSync(join(folder, 'error.log'), 'utf8')}`)
}
