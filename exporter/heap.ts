import { setFlagsFromString } from 'node:v8'

/**
 * An exporter rests most of the time; V8 would let the room for young objects grow to 16 MB while the
 * program loads, thrice, and keep it. Held at its first size this costs no CPU worth measuring.
 * `--max-semi-space-size` says the same, but only on the command line of Node, which npx, npm and a
 * single executable do not give.
 */
export async function keepHeapSmall(): Promise<void> {
  // Before the flag: Node's own modules have compiled code that is made for the flags of the start.
  await Promise.all([
    import('node:child_process'),
    import('node:dns/promises'),
    import('node:http2'),
    import('node:https'),
    import('node:stream/promises'),
    import('node:timers/promises'),
    import('node:worker_threads'),
    import('node:zlib'),
  ])
  setFlagsFromString('--semi-space-growth-factor=1')
}
