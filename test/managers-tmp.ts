import { flexlm } from '../exporter/managers/flexlm/index.ts'
import { captures } from './corpus/sidecar.ts'
import { decode } from '../exporter/managers/decode.ts'
const server = flexlm.server.parse({ name: 'x', manager: 'flexlm', read: '/x' })
for (const c of [...captures('flexlm-lmstat'), ...captures('synthetic', n => n.startsWith('lmstat')), ...captures('flexlm-lmstat-i'), ...captures('flexlm-license')]) {
  const now = new Date('2026-11-22T12:00Z')
  const p = (b: Uint8Array) => { try { const s = flexlm.parse([{ text: 'auto', stdout: b, stderr: '', exitCode: 0, at: now }], { now, timeZone: 'UTC', server }); return s } catch (e) { return String(e) } }
  const text = decode(c.bytes)
  const anon = flexlm.anonymise!(text, 'auto')
  const shape = (s: any) => typeof s === 'string' ? s : JSON.stringify({ m: s.members.map((m: any) => [m.up, m.master, m.version, m.port]), d: s.daemons, st: s.status.up, f: s.features.map((f: any) => ({ ...f, reservations: f.reservations.map((r: any) => [r.kind, r.name.length, r.seats]) })), p: s.pools, c: s.checkouts.map((k: any) => [k.vendor, k.feature, k.version, k.user?.length, k.host?.length, k.display?.length, k.seats, k.startedAt, k.state, k.lingerSeconds]), u: s.unparsed.map((u: any) => u.section) })
  const a = shape(p(c.bytes)), b = shape(p(Buffer.from(anon)))
  if (a !== b) { console.log('DIFF', c.name); let i = 0; while (a[i] === b[i]) i++; console.log(' ', a.slice(i-60, i + 120)); console.log(' ', b.slice(i-60, i + 120)) }
  const s: any = p(c.bytes)
  if (typeof s !== 'string') {
    const names = new Set<string>([...s.checkouts.flatMap((k: any) => [k.user, k.host, k.display]), ...s.members.map((m: any) => m.name)].filter((n: any) => n && n.length > 5 && !n.startsWith('/dev')))
    for (const n of names) if (anon.includes(n)) { console.log('LEAK', c.name, n); break }
    if (s.unparsed.length) console.log('unparsed', c.name, s.unparsed.map((u: any) => u.section + ':' + u.line.slice(0, 80)))
  }
}
