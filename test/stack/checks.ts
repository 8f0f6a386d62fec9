/** Counts, and the closing line that any reader of the output understands. */
export function checks() {
  const counts = { passed: 0, failed: 0, listed: 0 }
  const loud = process.env.STACK_LOUD !== undefined
  const results = {
    passed(what: string) {
      counts.passed++
      if (loud) console.log(`ok      ${what}`)
    },
    failed(what: string) {
      counts.failed++
      console.log(`FAILED  ${what}`)
    },
    /** Returns nothing, and why. */
    listed(what: string) {
      counts.listed++
      console.log(`absent  ${what}`)
    },
    check(good: boolean, what: string) {
      if (good) results.passed(what)
      else results.failed(what)
    },
    end() {
      console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.listed} skipped`)
      if (counts.failed > 0) process.exitCode = 1
    },
  }
  return results
}
