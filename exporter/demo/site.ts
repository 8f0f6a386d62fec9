/**
 * The invented site that the demo shows. Numbers are chosen so that every hour shows something:
 * one feature is short, one is idle, one line of capacity nears its end, one server is down.
 */

export interface DemoFeature {
  vendor: string
  name: string
  /** As the vendor prints it: without the leading v. */
  version: string
  seats: number
  /** Mean share of the seats in demand; above 1 somebody is refused now and then. */
  load: number
  /** Half of the daily swing of that share. */
  swing: number
  /** `permanent`, or days from the start of the demo to the last day. */
  expires: 'permanent' | number
  seatsPerCheckout?: number
  reserved?: { kind: string; name: string; seats: number }
  queues?: boolean
  /** This many of the longest-held seats are borrowed. */
  borrowed?: number
  display?: string
}

export interface DemoServer {
  name: string
  manager: 'flexlm' | 'rlm' | 'sesinetd'
  address: string
  features: readonly DemoFeature[]
  /** The server refuses connections. */
  down?: true
  /** Members of a triad, the master first. */
  members?: readonly string[]
  vendors: readonly { name: string; version: string }[]
}

export const site: readonly DemoServer[] = [
  {
    name: 'cad',
    manager: 'flexlm',
    address: '27000@lic-a.studio.example,27000@lic-b.studio.example,27000@lic-c.studio.example',
    members: ['lic-a.studio.example', 'lic-b.studio.example', 'lic-c.studio.example'],
    vendors: [{ name: 'drafty', version: 'v11.19.4' }],
    features: [
      {
        vendor: 'drafty',
        name: 'drafty_pro',
        version: '2026.0',
        seats: 40,
        load: 0.72,
        swing: 0.2,
        expires: 220,
        reserved: { kind: 'GROUP', name: 'structures', seats: 4 },
      },
      {
        vendor: 'drafty',
        name: 'drafty_render',
        version: '2026.0',
        seats: 12,
        load: 0.9,
        swing: 0.17,
        expires: 12,
      },
      {
        vendor: 'drafty',
        name: 'drafty_viewer',
        version: '2026.0',
        seats: 100,
        load: 0.16,
        swing: 0.08,
        expires: 'permanent',
      },
    ],
  },
  {
    name: 'simulation',
    manager: 'flexlm',
    address: '1055@sim-lic.studio.example',
    members: ['sim-lic.studio.example'],
    vendors: [
      { name: 'fluxlmd', version: 'v11.18.1' },
      { name: 'meshd', version: 'v11.16.2' },
    ],
    features: [
      {
        vendor: 'fluxlmd',
        name: 'flux_solver',
        version: '24.2',
        seats: 8,
        load: 0.85,
        swing: 0.22,
        expires: 95,
        queues: true,
      },
      {
        vendor: 'fluxlmd',
        name: 'flux_hpc_pack',
        version: '24.2',
        seats: 256,
        load: 0.6,
        swing: 0.25,
        expires: 95,
        seatsPerCheckout: 16,
      },
      {
        vendor: 'meshd',
        name: 'mesh_core',
        version: '9.1',
        seats: 20,
        load: 0.5,
        swing: 0.2,
        expires: 41,
        borrowed: 2,
      },
    ],
  },
  {
    name: 'compositing',
    manager: 'rlm',
    address: '5053@comp-lic.studio.example',
    vendors: [{ name: 'layerworks', version: 'v14.2' }],
    features: [
      {
        vendor: 'layerworks',
        name: 'layer_i',
        version: '2026.01',
        seats: 30,
        load: 0.8,
        swing: 0.15,
        expires: 150,
      },
      {
        vendor: 'layerworks',
        name: 'layer_render',
        version: '2026.01',
        seats: 60,
        load: 0.4,
        swing: 0.3,
        expires: 150,
      },
      {
        vendor: 'layerworks',
        name: 'layer_studio',
        version: '2026.01',
        seats: 6,
        load: 0.88,
        swing: 0.2,
        expires: 25,
      },
    ],
  },
  {
    name: 'effects',
    manager: 'sesinetd',
    address: 'fx-lic.studio.example',
    vendors: [{ name: 'sidefx', version: '20.5.332' }],
    features: [
      {
        vendor: 'sidefx',
        name: 'Houdini-Master',
        version: '20.5',
        seats: 10,
        load: 0.7,
        swing: 0.2,
        expires: 300,
      },
      {
        vendor: 'sidefx',
        name: 'Houdini-Engine',
        version: '20.5',
        seats: 50,
        load: 0.45,
        swing: 0.3,
        expires: 300,
      },
    ],
  },
  {
    name: 'routing',
    manager: 'flexlm',
    address: '5280@eda-lic.studio.example',
    down: true,
    vendors: [],
    features: [],
  },
]

/** This server's tool is not there: what an exporter sees before lmutil is installed. */
export const toolMissing = {
  name: 'legacy',
  manager: 'flexlm',
  address: '744@old-lic.studio.example',
} as const

export const products = [
  { feature: 'drafty_pro', product: 'Drafty Professional', amount: 1900, currency: 'EUR' },
  { feature: 'drafty_render', product: 'Drafty Render', amount: 650, currency: 'EUR' },
  { feature: 'flux_solver', product: 'Flux Solver', amount: 14_500, currency: 'EUR' },
  { feature: 'mesh_*', product: 'Mesh Suite', amount: 3200, currency: 'EUR' },
  { feature: 'layer_i', product: 'Layerworks Interactive', amount: 4200, currency: 'USD' },
] as const

export const people = [
  'abrandt',
  'bkaya',
  'cmoreau',
  'dpetrov',
  'ehansen',
  'fnovak',
  'glindqvist',
  'hokafor',
  'imbeki',
  'jkowalski',
  'kmarino',
  'lfischer',
  'mtanaka',
  'nsilva',
  'oreilly',
  'psharma',
  'qchen',
  'rdubois',
  'svarga',
  'tjensen',
  'uweber',
  'vpopescu',
  'wgarcia',
  'ymendes',
] as const
