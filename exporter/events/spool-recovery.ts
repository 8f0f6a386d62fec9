import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SpoolRecord } from './record.ts'
import { type Segment, scanSegment, segmentNumbers } from './segment.ts'

export interface Recovered {
  segments: Segment[]
  nextSeq: number
  /** Unsent events that cannot be read any more. */
  lost: number
}

/**
 * What an earlier process left. Damage in the middle costs the damaged records only; how many they
 * were is told by the gap in the sequence.
 * @throws ExporterError for a spool that a newer version wrote
 */
export async function readSpool(
  folder: string,
  onRecord: (record: SpoolRecord) => void,
): Promise<Recovered> {
  const sent = await readSent(folder)
  const segments: Segment[] = []
  let nextSeq = 1
  let known = false
  let lost = 0
  let damagedTail = 0
  for (const number of await segmentNumbers(folder)) {
    const sentBytes =
      number < sent.segment ? Number.MAX_SAFE_INTEGER : number === sent.segment ? sent.offset : 0
    const { segment, damagedAtEnd } = await scanSegment(
      folder,
      number,
      sentBytes,
      (record, isSent, damaged) => {
        const gap = known ? record.seq - nextSeq : 0
        if (!isSent) lost += Math.max(gap, damaged + damagedTail)
        damagedTail = 0
        known = true
        nextSeq = Math.max(nextSeq, record.seq + 1)
        onRecord(record)
      },
    )
    damagedTail += damagedAtEnd
    segments.push(segment)
  }
  return { segments, nextSeq, lost: lost + damagedTail }
}

/** A mark that cannot be read sends some events again, with the same ids. */
async function readSent(folder: string): Promise<{ segment: number; offset: number }> {
  try {
    const { segment, offset } = JSON.parse(await readFile(join(folder, 'sent.json'), 'utf8'))
    if (Number.isSafeInteger(segment) && Number.isSafeInteger(offset)) return { segment, offset }
  } catch {}
  return { segment: 0, offset: 0 }
}
