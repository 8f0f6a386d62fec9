/** Of one answer of a bucket. */
export interface Allowance {
  allowed: boolean
  limit: number
  windowSeconds: number
  remaining: number
  /** Until the whole quota is there again. */
  resetSeconds: number
  /** Until one request is. */
  retrySeconds: number
}

interface Bucket {
  tokens: number
  at: number
}

/**
 * Token buckets by name. The table is bounded: the bucket that was used longest ago goes first,
 * and a full one carries no information, so a flood of addresses costs memory nowhere.
 */
export class RateLimiter {
  readonly #buckets = new Map<string, Bucket>()
  readonly #size: number

  constructor(size = 10_000) {
    this.#size = size
  }

  get size(): number {
    return this.#buckets.size
  }

  /** `now` in milliseconds of a clock that does not jump. */
  take(name: string, limit: number, windowSeconds: number, now: number): Allowance {
    const perSecond = limit / windowSeconds
    const before = this.#buckets.get(name)
    const refilled = before ? before.tokens + ((now - before.at) / 1000) * perSecond : limit
    const tokens = Math.min(limit, refilled)
    const allowed = tokens >= 1
    const left = allowed ? tokens - 1 : tokens
    this.#buckets.delete(name)
    this.#buckets.set(name, { tokens: left, at: now })
    if (this.#buckets.size > this.#size) {
      const [oldest] = this.#buckets.keys()
      if (oldest !== undefined) this.#buckets.delete(oldest)
    }
    return {
      allowed,
      limit,
      windowSeconds,
      remaining: Math.floor(left),
      resetSeconds: Math.ceil((limit - left) / perSecond),
      retrySeconds: Math.max(1, Math.ceil((1 - left) / perSecond)),
    }
  }
}

/** The draft's fields (draft-ietf-httpapi-ratelimit-headers): what holds, and what is left of it. */
export function rateLimitHeaders(policy: string, allowance: Allowance): Record<string, string> {
  return {
    'ratelimit-policy': `"${policy}";q=${allowance.limit};w=${allowance.windowSeconds}`,
    ratelimit: `"${policy}";r=${allowance.remaining};t=${allowance.resetSeconds}`,
    ...(allowance.allowed ? {} : { 'retry-after': String(allowance.retrySeconds) }),
  }
}
