import { anonymiseWords, type Pseudonym } from '../anonymise.ts'

const debugLine = /^(\S+\s+\S+\s+\([^()\s]+\)\s*)(.*)$/
const debugEvent =
  /^((?:OUT|IN|DENIED|QUEUED?|DEQUEUED?)\s*:\s*(?:(?:\([^()]*\)|no good)\s+)*\S+\s+v?\d\S*\s+(?:by|to|for)\s+)(.*)$/i
const debugKept = /^(?:Server started on|Shut(?:ting )?down|License server started on)\b/i
/** What the words behind a denial tell of its reason. */
const reasonWords =
  /^(?:all|licenses?|are|in|use|too|many|max|soft|limit|excluded?|includeall|included?|list|named|user|requested|version|not|supported|expired|no|authorization|such|another|isv|for|server)$/i

/** Fields of a record before its user: both names stand there, then the quoted isv_def. */
const userField: Readonly<Record<string, number>> = {
  OUT: 4,
  IN: 4,
  DENY: 3,
  QUE: 3,
  DEQUE: 4,
  INUSE: 4,
  ROAM_EXTEND: 4,
}

export function anonymiseLogLine(line: string, pseudonym: Pseudonym): string {
  const debug = debugLine.exec(line)
  if (debug && /^\d{1,2}\//.test(line)) {
    return `${debug[1]}${anonymiseDebug(debug[2] ?? '', pseudonym)}`
  }
  const word = /^[A-Z_]+(?=\s)/.exec(line)?.[0] ?? ''
  if (/^(?:\d\d\/\d\d\/\d{4} |RLM Report Log|ISV:|END )/.test(line)) return line
  if (word === 'START' || word === 'SHUTDOWN') return anonymiseServerRecord(line, pseudonym)
  const user = userField[word]
  return user === undefined
    ? anonymiseFields(line, pseudonym, word === 'PRODUCT' ? 'quoted' : 'all')
    : anonymiseRecord(line, user, pseudonym)
}

function anonymiseDebug(text: string, pseudonym: Pseudonym): string {
  const event = debugEvent.exec(text)
  const kept = event?.[1] ?? debugKept.exec(text)?.[0] ?? ''
  const rest = text.slice(kept.length)
  if (!event) return kept + anonymiseWords(rest, pseudonym)
  const names = /^.*@\S+/.exec(rest)?.[0] ?? ''
  const behind = rest.slice(names.length).replace(/[\p{L}\p{N}_]+/gu, one => {
    return /^\d+$/.test(one) || reasonWords.test(one) ? one : pseudonym(one)
  })
  return kept + pseudonym(names) + behind
}

function anonymiseServerRecord(line: string, pseudonym: Pseudonym): string {
  const [word = '', ...rest] = line.split(' ')
  return [word, ...rest.map(one => (/^\d\d[/:]/.test(one) ? one : pseudonym(one)))].join(' ')
}

/** Small records end with the time of day and have no pool; of check-ins they name nobody. */
function anonymiseRecord(line: string, user: number, pseudonym: Pseudonym): string {
  const fields = line.match(/"[^"]*"|\S+/g) ?? []
  const small = !fields.some(one => /^\d\d\/\d\d$/.test(one))
  if (small && (fields[0] === 'IN' || fields[0] === 'DEQUE')) return line
  const from = small && fields[0] === 'OUT' ? user - 1 : user
  const to = fields.findIndex((one, at) => at >= from + 2 && one.startsWith('"'))
  let index = -1
  return line.replace(/"[^"]*"|\S+/g, field => {
    index++
    const isName = index >= from && index < to
    if (!isName && !field.startsWith('"')) return field
    return field.startsWith('"')
      ? `"${anonymiseWords(field.slice(1, -1), pseudonym)}"`
      : pseudonym(field)
  })
}

function anonymiseFields(line: string, pseudonym: Pseudonym, which: 'quoted' | 'all'): string {
  if (which === 'quoted') return line.replace(/"[^"]*"/g, one => anonymiseWords(one, pseudonym))
  return anonymiseWords(line, pseudonym)
}
