/** Writes and waits until it is handed over: exiting right after a large text must not cut it. */
export function print(text: string, stream: NodeJS.WriteStream = process.stdout): Promise<void> {
  return new Promise(done => {
    stream.write(text, () => done())
  })
}

export const printError = (text: string): Promise<void> => print(`${text}\n`, process.stderr)
