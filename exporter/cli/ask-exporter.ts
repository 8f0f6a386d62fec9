import { ExporterError } from '../errors.ts'
import type { FeatureStatus, PoolStatus, ServerStatus, StatusData } from './status-data.ts'

const timeoutMs = 10_000
const mostPages = 1000

/**
 * Asks a running exporter's API. Redirects are not followed: the key goes to nobody else.
 * @throws ExporterError('fetch') with a sentence that never holds the key
 */
export async function askExporter(
  base: string,
  key: string | undefined,
  now: Date,
): Promise<StatusData> {
  const list = <T>(name: string) => pages<T>(new URL(`api/v1/${name}`, `${base}/`), key)
  const servers = await list<ServerStatus>('servers')
  const features = await list<FeatureStatus>('features')
  const pools = await list<PoolStatus>('pools')
  return { at: now.toISOString(), servers, features, pools }
}

async function pages<T>(url: URL, key: string | undefined): Promise<T[]> {
  const all: T[] = []
  url.searchParams.set('limit', '10000')
  for (let page = 0; page < mostPages; page++) {
    const { data, next } = await get<T>(url, key)
    all.push(...data)
    if (next === null) return all
    url.searchParams.set('cursor', next)
  }
  throw failure(url, 'the list does not end')
}

async function get<T>(
  url: URL,
  key: string | undefined,
): Promise<{ data: T[]; next: string | null }> {
  let answer: Response
  let text: string
  try {
    answer = await fetch(url, {
      headers: { accept: 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    text = await answer.text()
  } catch (error) {
    throw failure(url, unreachable(error as Error), error)
  }
  if (answer.status !== 200) throw failure(url, refusal(answer.status, key !== undefined))
  try {
    const { data, next } = JSON.parse(text) as { data: T[]; next: string | null }
    if (Array.isArray(data) && (next === null || typeof next === 'string')) return { data, next }
  } catch {
    // Not JSON: said below.
  }
  throw failure(url, 'the answer is not that of a license exporter; check the address')
}

const failure = (url: URL, what: string, cause?: unknown) =>
  new ExporterError('fetch', `${url.origin}: ${what}`, { url: url.origin }, { cause })

function unreachable(error: Error): string {
  const { code, message = error.message } = (error.cause ?? {}) as Partial<NodeJS.ErrnoException>
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`
  if (code === 'ECONNREFUSED') return 'nobody listens there; is the exporter running?'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'no such host'
  return `cannot be asked (${code ?? message})`
}

function refusal(status: number, withKey: boolean): string {
  if (status === 401) {
    return withKey
      ? 'the key is not accepted (401)'
      : 'a key is needed (401); set LICENSE_EXPORTER_KEY or give --key-file FILE'
  }
  if (status === 403) return 'the key lacks the scope read (403)'
  if (status === 404) return 'there is no such API (404); check the address and its path'
  if (status === 429) return 'too many requests (429); try again in a minute'
  return `the answer is HTTP ${status}`
}
