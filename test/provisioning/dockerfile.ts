import { readFileSync } from 'node:fs'

export interface Stage {
  from: string
  steps: { instruction: string; text: string }[]
}

/** The stages of a Dockerfile; a step that goes on behind `\` is one line. */
export function stages(file: string): Stage[] {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
  const all: Stage[] = []
  for (const line of lines) {
    const [, instruction = '', text = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? []
    if (instruction === 'FROM') all.push({ from: text, steps: [] })
    else all.at(-1)?.steps.push({ instruction, text })
  }
  return all
}

/** The texts of one instruction. */
export function steps(stage: Stage, instruction: string): string[] {
  return stage.steps.filter(one => one.instruction === instruction).map(({ text }) => text)
}
