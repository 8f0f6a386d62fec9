import type { Answer } from './otlp-http.ts'

/** How one export ended. */
export type Outcome =
  | { ok: true; rejected: number; message: string }
  | {
      ok: false
      reason: 'timeout' | 'refused' | 'status' | 'tls'
      message: string
      /** Milliseconds that the collector asked for. */
      retryAfter?: number | undefined
      /** The collector understood and does not want this: another try cannot help. */
      permanent?: true
    }

/** Statuses that say something of the records, not of the collector. */
const ofTheRecords = new Set([400, 413, 422])
const tlsCode =
  /^(CERT_|ERR_TLS|ERR_SSL|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|EPROTO)/

/** From what the exporter's callback got and what the collector answered. */
export function outcomeOf(error: Error | undefined, answer: Answer | undefined): Outcome {
  if (answer && (answer.status < 200 || answer.status > 299)) {
    return {
      ok: false,
      reason: 'status',
      message: `the collector answered ${answer.status}`,
      retryAfter: answer.retryAfter,
      ...(ofTheRecords.has(answer.status) && { permanent: true }),
    }
  }
  if (answer && /\bhtml\b/i.test(answer.contentType)) {
    return {
      ok: false,
      reason: 'status',
      message: 'what answers at the endpoint speaks HTML: it is not a collector',
    }
  }
  if (!error) return { ok: true, ...rejection(answer?.body ?? '') }
  const code = String((error as NodeJS.ErrnoException).code ?? '')
  if (tlsCode.test(code)) return { ok: false, reason: 'tls', message: `TLS failed (${code})` }
  if (code === 'ETIMEDOUT' || /timed? ?out/i.test(error.message)) {
    return { ok: false, reason: 'timeout', message: 'the collector did not answer in time' }
  }
  return { ok: false, reason: 'refused', message: `no connection (${code || error.message})` }
}

/**
 * OTLP/JSON: `{"partialSuccess":{"rejectedLogRecords":"3","errorMessage":"…"}}`; protobuf: field 1,
 * in it field 1 as a varint.
 */
function rejection(body: string): { rejected: number; message: string } {
  if (body.startsWith('\n')) return { rejected: rejectedPoints(body), message: '' }
  try {
    const { partialSuccess } = JSON.parse(body)
    const rejected = Number(partialSuccess?.rejectedLogRecords ?? 0)
    const message = String(partialSuccess?.errorMessage ?? '').slice(0, 200)
    return { rejected: Number.isFinite(rejected) ? rejected : 0, message }
  } catch {
    return { rejected: 0, message: '' }
  }
}

function rejectedPoints(body: string): number {
  if (body.charCodeAt(2) !== 8) return 0
  let value = 0
  for (let at = 3; at < Math.min(body.length, 11); at++) {
    const byte = body.charCodeAt(at)
    value += (byte & 127) * 2 ** (7 * (at - 3))
    if (byte < 128) return value
  }
  return 0
}
