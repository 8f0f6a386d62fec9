import type { Reporter, TestModule } from 'vitest/node'

/**
 * What the machine lacked, which vitest's own summary does not tell, and one closing line that any
 * reader of the output understands.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0
    let failed = errors.length
    let skipped = 0
    const reasons = new Set<string>()
    for (const module of modules) {
      if (module.state() === 'failed' && module.errors().length > 0) failed++
      for (const test of module.children.allTests()) {
        const result = test.result()
        const { state } = result
        if (state === 'passed') passed++
        else if (state === 'failed') failed++
        else {
          skipped++
          for (const text of [test.name, 'note' in result ? result.note : undefined]) {
            if (text?.startsWith('skipped: ')) reasons.add(text)
          }
        }
      }
    }
    for (const reason of reasons) console.log(reason)
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
  }
}
