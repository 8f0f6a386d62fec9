import type { Config } from './config/schema.ts'
import { ExporterError } from './errors.ts'

export interface ExporterOptions {
  config: Config
  /** Reread on SIGHUP and when it changes. */
  configFile?: string
  mode: 'run' | 'demo'
  /** What the demo tells the person who looks at it. */
  demo?: { folder: string; key: string }
}

export interface RunningExporter {
  address: string
  close(): Promise<void>
}

export async function startExporter(_: ExporterOptions): Promise<RunningExporter> {
  throw new ExporterError('internal', 'composed elsewhere')
}
