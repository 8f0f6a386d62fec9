import { z } from 'zod'
import { absolutePath, serverShape } from '../server-options.ts'
import { parseAddress } from './address.ts'

/** A `[[server]]` table with `manager = "flexlm"`: exactly one of tool + address, `read`, `get`. */
export const server = z
  .strictObject({
    ...serverShape,
    manager: z.literal('flexlm'),
    address: z.string().superRefine(checkAddress).optional(),
    tool: absolutePath().optional(),
    license_files: z.array(absolutePath()).default([]),
  })
  .superRefine((table, context) => {
    const sources = [table.tool, table.read, table.get].filter(source => source !== undefined)
    if (sources.length !== 1) {
      context.addIssue({
        code: 'custom',
        message:
          sources.length === 0
            ? 'nothing to read: give tool and address, or read, or get'
            : 'more than one of tool, read and get: give exactly one',
      })
    }
    if (table.tool !== undefined && table.address === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['address'],
        message: 'tool needs an address such as "27000@lic1"',
      })
    }
  })

export type FlexlmServer = z.output<typeof server>

function checkAddress(address: string, context: z.RefinementCtx): void {
  const parsed = parseAddress(address)
  if (typeof parsed === 'string') context.addIssue({ code: 'custom', message: parsed })
}
