interface Range {
  type: string
  quality: number
}

/** Does the client take this media type? No Accept takes everything; `;q=0` takes it away. */
export function accepts(header: string | undefined, mediaType: string): boolean {
  if (header === undefined || header.trim() === '') return true
  const [family = ''] = mediaType.split('/')
  const ranges = header.split(',').map(parseRange)
  for (const wanted of [mediaType, `${family}/*`, '*/*']) {
    const found = ranges.filter(range => range.type === wanted)
    if (found.length > 0) return found.some(range => range.quality > 0)
  }
  return false
}

function parseRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map(part => part.trim().toLowerCase())
  const quality = parameters.find(parameter => parameter.startsWith('q='))
  const value = quality === undefined ? 1 : Number(quality.slice(2))
  return { type, quality: Number.isFinite(value) ? value : 0 }
}

/** Prometheus names its text formats; a browser or curl never does. */
export function wantsPrometheus(header: string | undefined): boolean {
  return (
    header !== undefined && /application\/openmetrics-text|text\/plain\s*;\s*version=/i.test(header)
  )
}
