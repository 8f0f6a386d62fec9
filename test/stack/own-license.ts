import type { StartOptions } from '../../exporter/exporter.ts'
export async function ownLicense(_folder: string): Promise<StartOptions['ownLicense']> {
  return undefined
}
