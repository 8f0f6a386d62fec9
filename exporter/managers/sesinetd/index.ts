import { z } from 'zod'
import { ExporterError } from '../../errors.ts'
import type { LicenseManager } from '../manager.ts'
import { absolutePath, serverShape } from '../server-options.ts'

const server = z.strictObject({
  ...serverShape,
  manager: z.literal('sesinetd'),
  address: z.string().optional(),
  tool: absolutePath().optional(),
  license_files: z.array(absolutePath()).default([]),
})

export const sesinetd: LicenseManager<z.output<typeof server>> = {
  name: 'sesinetd',
  title: 'sesinetd (SideFX)',
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
