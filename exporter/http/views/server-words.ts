import type { ServerView } from './schemas.ts'

export interface ServerWords {
  tone: 'good' | 'warn' | 'bad'
  word: string
  /** What else a person must know: the reason, machines and vendor daemons that are down. */
  details: string[]
}

/** The state of a license server in words; up with a part of it down is not simply good. */
export function serverState({ up, reason, quorum, members, daemons }: ServerView): ServerWords {
  const down = members.filter(one => one.up === false)
  const details = [
    ...(reason === undefined ? [] : [reason]),
    ...(quorum === false ? ['no quorum'] : []),
    ...(members.length > 1 && down.length > 0
      ? [`${down.map(one => one.member).join(', ')} of ${members.length} machines down`]
      : []),
    ...daemons.filter(one => one.up === false).map(one => `vendor daemon ${one.vendor} down`),
  ]
  if (up === false) return { tone: 'bad', word: 'Down', details }
  if (up === undefined) return { tone: 'warn', word: 'Not known', details }
  return { tone: details.length > 0 ? 'warn' : 'good', word: 'Up', details }
}
