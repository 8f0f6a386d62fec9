import type { Checkout } from '../../model.ts'
import type { Block, Draft, Heading, Section } from './draft.ts'
import type { Columns } from './features.ts'

/** What the lines so far mean for the next one. */
export interface Reader {
  draft: Draft
  timeZone: string
  mode: 'other' | 'server' | 'daemon' | 'feature' | 'feature_list'
  block: Block | undefined
  heading: Heading | undefined
  /** Daemons of the list that stands above the next headings. */
  daemons: { vendor: string; up: boolean }[]
  /** A heading followed: the next daemon begins a new list. */
  daemonsEnded: boolean
  columns: Columns | undefined
  startTime: (text: string) => number | undefined
  version: (text: string) => string
  display: (text: string) => string
  /** Checkouts whose user, host and display need what other lines tell. */
  uncertain: { checkout: Checkout; head: string }[]
  unparsed: (section: Section, line: string) => void
}

/** A heading without numbers is a feature only when lines below it make it one. */
export function show(reader: Reader, heading: Heading): void {
  const { headings } = reader.draft
  if (headings.at(-1) !== heading) headings.push(heading)
}
