import { z } from 'zod'
import { ExporterError } from '../../errors.ts'
import type { LicenseManager } from '../manager.ts'
import { absolutePath, serverShape } from '../server-options.ts'

const server = z.strictObject({
  ...serverShape,
  manager: z.literal('rlm'),
  address: z.string().optional(),
  tool: absolutePath().optional(),
  license_files: z.array(absolutePath()).default([]),
})

export const rlm: LicenseManager<z.output<typeof server>> = {
  name: 'rlm',
  title: 'RLM (Reprise License Manager)',
  server,
  sections: [],
  usedByPool: true,
  members: () => [],
  requests: () => [],
  parse() {
    throw new ExporterError('unreadable', 'not this tool')
  },
  recognise: () => undefined,
  texts: [],
}
