import { parentPort, workerData } from 'node:worker_threads'
import { flexlm } from '../../exporter/managers/flexlm/index.ts'

/** Parses one text in a heap of a given size: the thread dies if it does not fit. */
const now = new Date('2026-03-02T12:00:00Z')
const server = flexlm.server.parse({ name: 'bench', manager: 'flexlm', read: '/bench' })
const output = { text: 'auto', stdout: workerData as Uint8Array, stderr: '', exitCode: 0, at: now }
const snapshot = flexlm.parse([output], { now, timeZone: 'Europe/Berlin', server })
parentPort?.postMessage(snapshot.checkouts.length)
