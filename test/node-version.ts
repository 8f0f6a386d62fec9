/** npm scripts put the Node of the lock file first on PATH; without it type stripping is missing. */
export default function setup(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return
  throw new Error(
    `tests need Node 22.18 or newer and run on ${process.versions.node}: use \`npm test\`, and install without --omit=optional`,
  )
}
