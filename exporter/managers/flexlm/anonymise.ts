import { anonymiseWords, isDevice, type Pseudonym, pseudonyms } from '../anonymise.ts'
import { anonymiseLicenseFile } from './anonymise-license.ts'
import { anonymiseLogLine } from './anonymise-log.ts'
import { checkoutLine } from './checkout-line.ts'
import { listColumns, listRow } from './features.ts'
import { headingText } from './heading.ts'
import { incrementLine, incrementRest, incrementSum, incrementUser } from './increments.ts'
import { eachLine } from './lines.ts'
import { recognise } from './recognise.ts'
import {
  daemonLine,
  isNoise,
  isTyped,
  memberLine,
  outageLine,
  poolLine,
  reservationLine,
} from './rows.ts'

/**
 * The same facts without anybody's name: users, hosts, displays, servers, groups, paths, vendor
 * strings and signatures are replaced; features, daemons, versions, numbers and times stay.
 */
export function anonymise(text: string, kind: string): string {
  const pseudonym = pseudonyms(text)
  const of = kind === 'auto' ? recognise(text) : kind
  if (of === 'license_file') return anonymiseLicenseFile(text, pseudonym)
  const lines: string[] = []
  const one = of === 'log' ? anonymiseLogLine(pseudonym) : statusLine(pseudonym)
  eachLine(text, line => lines.push(one(line)))
  return `${lines.join('\n')}\n`
}

function statusLine(pseudonym: Pseudonym): (line: string) => string {
  /** Machines and daemons that are down look alike: their headings tell them apart. */
  let inServer = false
  const rules = [
    (line: string) => anonymiseCheckout(line, pseudonym),
    (line: string) => anonymiseTitle(line, pseudonym, inServer),
    (line: string) => anonymiseDetail(line, pseudonym),
  ]
  let columns: ReturnType<typeof listColumns>
  return line => {
    const trimmed = line.trim()
    if (trimmed === '') return ''
    if (/^(?:License server|Vendor daemon) status/.test(trimmed)) inServer = trimmed.startsWith('L')
    for (const rule of rules) {
      const made = rule(line)
      if (made !== undefined) return made
    }
    columns = listColumns(trimmed) ?? columns
    if (columns && (listColumns(trimmed) || listRow(trimmed, columns))) return line
    if (headingText(trimmed)?.told || daemonLine(trimmed, false)) return line
    return anonymiseOther(line, trimmed, pseudonym)
  }
}

/** Words keep their places, so that the line is split as before. */
function anonymiseCheckout(line: string, pseudonym: Pseudonym): string | undefined {
  const found = checkoutLine(line)
  if (!found) return undefined
  const at = line.indexOf(found.head)
  const names = found.head
    .split(' ')
    .map(word => (isDevice(word) || isFeatureWord(word, found.version) ? word : pseudonym(word)))
    .join(' ')
  const rest = line.slice(at + found.head.length)
  return line.slice(0, at) + names + withoutProject(places(rest, pseudonym), pseudonym)
}

/** `, PROJECT: apollo ` */
function withoutProject(text: string, pseudonym: Pseudonym): string {
  const title = ', PROJECT: '
  const at = text.lastIndexOf(title)
  if (at < 0) return text
  return (
    text.slice(0, at) +
    title +
    text
      .slice(at + title.length)
      .split(' ')
      .map(pseudonym)
      .join(' ')
  )
}

/** `2017.06` before `(v2017.06)`, `MSCONE:ADAMS_View`, `feature=x`: what a seat was taken for. */
function isFeatureWord(word: string, version: string): boolean {
  return word === version || /^[A-Z][A-Z0-9_]*:[A-Za-z]\w+$|^feature=/.test(word)
}

/** `(lic1.example.com/27000 101)` */
function places(text: string, pseudonym: Pseudonym): string {
  return text.replace(/\(([^\s()/]+)\//g, (_, host: string) => `(${pseudonym(host)}/`)
}

function anonymiseTitle(line: string, pseudonym: Pseudonym, inServer: boolean): string | undefined {
  const title =
    /^(\s*(?:License server status:|Vendor daemon status \(on|License file\(s\) on))\s(.*)$/.exec(
      line,
    )
  if (title) {
    const [, begin = '', rest = ''] = title
    if (begin.endsWith('status:')) {
      const machines = rest
        .trim()
        .split(',')
        .map(machine => {
          const at = machine.indexOf('@') + 1
          return machine.slice(0, at) + pseudonym(machine.slice(at))
        })
      return `${begin} ${machines.join(',')}`
    }
    const host = /^[^:)\s]*/.exec(rest)?.[0] ?? ''
    return begin.includes('daemon')
      ? `${begin} ${pseudonym(host)}):`
      : `${begin} ${pseudonym(host)}: /licenses/license.dat:`
  }
  const trimmed = line.trim()
  const member = memberLine(trimmed, inServer)
  if (!member) return undefined
  const at = line.indexOf(member.host)
  const rest = line.slice(at + member.host.length)
  return line.slice(0, at) + pseudonym(member.host) + withoutHosts(rest)
}

/** Error texts name a machine now and then, in quotes or as `port@host`. */
function withoutHosts(text: string): string {
  return text.replace(/\b\d*@[\w.-]+/g, '27000@host')
}

function anonymiseDetail(line: string, pseudonym: Pseudonym): string | undefined {
  const trimmed = line.trim()
  const reservation = reservationLine(trimmed)
  if (reservation) {
    const at = line.lastIndexOf(reservation.name, line.lastIndexOf(' ('))
    const name = reservation.name.split(' ').map(pseudonym).join(' ')
    const rest = line.slice(at + reservation.name.length)
    return line.slice(0, at) + name + places(rest, pseudonym)
  }
  if (poolLine(trimmed) || incrementLine(trimmed) || incrementRest(trimmed)) return line
  if (incrementSum.test(trimmed)) return line
  const user = incrementUser(trimmed)
  if (user) {
    return line.replace(
      /(Username: |, Node: |, Display: )(.*?)(?=, \w+: |, Number )/g,
      (_, of, who) => {
        return (
          of +
          who
            .split(' ')
            .map((word: string) => (isDevice(word) ? word : pseudonym(word)))
            .join(' ')
        )
      },
    )
  }
  const string =
    /^(\s*(?:vendor_string|dist_string|user_info|asset_info|notice|issuer|serial number|sn)):/i.exec(
      line,
    )
  if (string) return `${string[1]}: removed`
  if (/\blocked to\b/.test(trimmed))
    return line.replace(/"[^"]*"|hostid=\S+(?=\))/g, '"ID=removed"')
  return undefined
}

function anonymiseOther(line: string, trimmed: string, pseudonym: Pseudonym): string {
  // Without its command: what was typed before it may be anything.
  if (isTyped(trimmed)) return 'lmutil lmstat -a'
  if (/^\d{1,2}:\d\d:\d\d \(/.test(trimmed))
    return `${trimmed.slice(0, trimmed.indexOf(')') + 1)} removed`
  if (isNoise(trimmed, true) || outageLine(trimmed) || /^Cannot|^Users of /.test(trimmed)) {
    return withoutHosts(line)
  }
  if (daemonLine(trimmed, true)) return withoutHosts(line)
  return anonymiseWords(line, pseudonym)
}
