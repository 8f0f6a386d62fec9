import { demoTool as answer } from '../demo/tool.ts'
import { print } from './print.ts'

/** `demo-tool FILE ARGUMENTS…`: what the demo's lmutil, rlmutil and sesictrl run. */
export async function demoTool(args: string[]): Promise<number> {
  const { text, exitCode } = answer(args, Math.floor(Date.now() / 1000))
  await print(text)
  return exitCode
}
