import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { startOver, withServers } from './program.ts'
import type { Row } from './row.ts'

const servers = 100
const secondsOfRest = 20

interface Rest {
  /** Bytes. */
  rss: number
  /** Milliseconds of CPU of one minute: a reading of each server and four scrapes. */
  minute: number
}
