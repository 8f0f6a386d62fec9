import { z } from 'zod'
import { ExporterError } from '../../errors.ts'
import type { LicenseManager } from '../manager.ts'
import { absolutePath, serverShape } from '../server-options.ts'

const server = z.strictObject({
  ...serverShape,
  manager: z.literal('flexlm'),
  address: z.string().optional(),
  tool: absolutePath().optional(),
  license_files: z.array(absolutePath()).default([]),
})

export const flexlm: LicenseManager<z.output<typeof server>> = {
  name: 'flexlm',
  title: 'FlexLM (FlexNet Publisher)',
  server,
  sections: [],
  usedByPool: false,
  reservationLines: true,
  members: () => [],
  requests: () => [],
  parse() {
    throw new ExporterError('unreadable', 'not this tool')
  },
  recognise: () => undefined,
  texts: [],
}
