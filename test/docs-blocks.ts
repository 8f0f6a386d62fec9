import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Block {
  page: string
  language: string
  text: string
}

/** README and docs/: the fenced blocks that name their language. */
export function blocks(project: string): Block[] {
  return pages(project).flatMap(page => {
    const text = readFileSync(join(project, page), 'utf8')
    return [...text.matchAll(/^( *)```(\w+)\n([\s\S]*?)^ *```$/gm)].map(
      ([, indent = '', language = '', body = '']) => ({
        page,
        language,
        text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      }),
    )
  })
}

export function pages(project: string): string[] {
  const docs = readdirSync(join(project, 'docs'), { recursive: true, encoding: 'utf8' })
  return [
    'README.md',
    'CONTRIBUTING.md',
    ...docs.filter(path => path.endsWith('.md')).map(path => `docs/${path}`),
  ].filter(path => existsSync(join(project, path)))
}

/** Commands of one block; a line that goes on behind `\` is one. */
export function commandLines(text: string): string[] {
  return text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter(line => !/^\s*(#|$)/.test(line))
}

/** The programs that a line starts: first words of its pipeline. */
export function programs(line: string): string[] {
  return line
    .replaceAll(/'[^']*'|"[^"]*"/g, '""')
    .replace(/\s#\s.*$/, '')
    .split(/\|\||&&|\||;/)
    .map(part => part.trim().split(/\s+/)[0]!)
    .filter(Boolean)
}
