import { setFlagsFromString } from 'node:v8'

/**
 * An exporter rests most of the time. V8 would let the room for young objects grow while the program
 * loads and keep it, with what Buffers hold outside the heap: 25 MB at 100 license servers, 120 MB at
 * 1,000. The compiler between the quick and the good one takes 10 MB more. Neither is worth CPU that
 * can be measured here. `--max-semi-space-size` works on the command line of Node alone, which npx
 * and a global install do not give.
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
  setFlagsFromString('--no-maglev')
}
