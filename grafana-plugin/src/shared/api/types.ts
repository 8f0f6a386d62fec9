/** What the exporter's API answers, as far as the pages read it. */

export interface Status {
  version: string
  api: number
  mode: 'run' | 'demo'
  scopes: string[]
  privacy: { users: string; hosts: string; live: string }
  servers: number
}

export interface Checkout {
  server: string
  manager: string
  vendor: string
  feature: string
  version?: string
  seats: number
  user?: string
  host?: string
  display?: string
  started_at?: string
  state: 'active' | 'borrowed' | 'queued'
  linger_seconds?: number
}

export interface ApiEvent {
  timestamp: string
  level: string
  msg: string
  event: string
  id: string
  severity: 'info' | 'warning' | 'critical'
  [attribute: string]: unknown
}

export interface Page<Item> {
  data: Item[]
  next: string | null
  at?: string
}
