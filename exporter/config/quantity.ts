const secondsOf: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 }

/** `60s`, `5m`, `1.5h` in seconds; NaN for what is no duration. */
export function secondsIn(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? []
  return Number(amount) * (secondsOf[unit] ?? Number.NaN)
}
