import { createHash } from 'node:crypto'

/** HTML that is safe to put into HTML: made by `html`, which escapes everything else. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Part = Html | string | number | undefined | false | readonly Part[]

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.reduce((text, next, i) => text + written(parts[i - 1]) + next))
}

function written(part: Part): string {
  if (part instanceof Html) return part.text
  if (Array.isArray(part)) return part.map(written).join('')
  return part === undefined || part === false ? '' : escaped(String(part))
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Control characters and those that turn the direction of text round are shown, not obeyed. */
export function escaped(text: string): string {
  return text
    .replace(/[&<>"']/g, character => entities[character]!)
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}

const style = `
:root{color-scheme:light dark;--fg:#1b1f24;--bg:#fff;--mut:#57606a;--line:#d0d7de;--bar:#0969da;--good:#116329;--warn:#7d4e00;--bad:#a40e26}
@media (prefers-color-scheme:dark){:root{--fg:#e6edf3;--bg:#0d1117;--mut:#9ea7b3;--line:#30363d;--bar:#4493f8;--good:#56d364;--warn:#e3b341;--bad:#ff7b72}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:68rem;padding:1rem;font:1rem/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg)}
h1{font-size:1.4rem;margin:.5rem 0}h2{font-size:1.1rem;margin:1.75rem 0 .5rem}
a{color:var(--bar)}p{margin:.4rem 0}.mut{color:var(--mut)}.sum{font-size:1.1rem}
table{border-collapse:collapse;width:100%}
caption{text-align:left;color:var(--mut)}
th,td{text-align:left;vertical-align:middle;padding:.35rem 1rem .35rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th:last-child,td:last-child{padding-right:0}
thead th{color:var(--mut);font-weight:600;font-size:.9rem}
.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
time{white-space:nowrap}
.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}
.state{font-weight:600;white-space:nowrap}
svg{display:block;width:100%;min-width:6rem;height:.8rem;forced-color-adjust:none}svg rect{fill:var(--bar)}svg.near rect{fill:var(--warn)}svg.full rect{fill:var(--bad)}svg rect.back{fill:var(--line)}
@media (max-width:40rem){
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,tbody{display:block}tr{display:flex;flex-wrap:wrap;align-items:center;gap:0 1rem;border-bottom:1px solid var(--line);padding:.5rem 0}
tbody th{flex-basis:100%}tbody th,td{border:0;padding:0}td:has(svg){flex:1 1 8rem}
td[data-label]::before{content:attr(data-label) ' ';content:attr(data-label) ' ' / '';color:var(--mut);font-size:.85rem}
td:empty{display:none}
}
`

const styleHash = createHash('sha256').update(style).digest('base64')

/** Nothing but this one style: no script, no image, no other host, in no frame. */
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

export function page(title: string, refreshSeconds: number | undefined, body: Html): Response {
  const refresh = refreshSeconds && html`<meta http-equiv="refresh" content="${refreshSeconds}">`
  const { text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
${refresh || ''}
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
${body}
</body>
</html>
`
  return new Response(text, {
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
  })
}
