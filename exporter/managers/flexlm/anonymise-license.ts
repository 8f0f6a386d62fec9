import type { Pseudonym } from '../anonymise.ts'
import { readLicenseFile } from './license-file.ts'

/** The statements that carry facts, made anew: nothing else of the file is kept. */
export function anonymiseLicenseFile(text: string, pseudonym: Pseudonym): string {
  const file = readLicenseFile(text)
  const hostid = (id: string) => (/^(?:ANY|DEMO)$/i.test(id) ? id : pseudonym(id))
  const lines = [
    ...file.servers.map(({ host, hostid: id, port }) =>
      ['SERVER', pseudonym(host), id === '' ? 'ANY' : hostid(id), port ?? ''].join(' ').trimEnd(),
    ),
    ...file.daemons.map(({ name, port }) =>
      ['VENDOR', name, port === undefined ? '' : `port=${port}`].join(' ').trimEnd(),
    ),
    ...(file.useServer ? ['USE_SERVER'] : []),
    ...file.packages.map(({ name, vendor, version, suite, components }) => {
      const parts = components.map(one => `${one.name}:${one.version ?? ''}:${one.count}`)
      const options = suite ? ' OPTIONS=SUITE' : ''
      return `PACKAGE ${name} ${vendor} ${version} COMPONENTS="${parts.join(' ')}"${options}`
    }),
  ]
  for (const [i, line] of file.lines.entries()) {
    const { keyword, feature, vendor, version, expiry, seats, supersedes, supersedesSigned } = line
    const signed = supersedesSigned?.map(one => `"${one.feature}:${pseudonym(one.sign)}"`)
    lines.push(
      [
        `${keyword} ${feature} ${vendor} ${version} ${expiry} ${seats ?? 'uncounted'}`,
        line.hostid === undefined ? '' : `HOSTID=${hostid(line.hostid)}`,
        line.issued === undefined ? '' : `ISSUED=${line.issued}`,
        line.start === undefined ? '' : `START=${line.start}`,
        supersedes ? `SUPERSEDE="${supersedes.join(' ')}"` : '',
        signed ? `SUPERSEDE_SIGN={ ${signed.join(' ')} }` : '',
        // Equal lines stay two lines, and a signature that another line names keeps its beginning.
        `SN=${i + 1}`,
        line.sign === undefined ? '' : `SIGN=${pseudonym(line.sign)}`,
      ]
        .filter(part => part !== '')
        .join(' '),
    )
  }
  for (const _ of file.unparsed) lines.push('NOT_UNDERSTOOD removed')
  return `${lines.join('\n')}\n`
}
