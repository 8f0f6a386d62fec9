import { accessSync, constants, type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Why this file must not be run, as a sentence; undefined = it may be, or it is not there (that is
 * one server's failed reading, no reason to refuse a configuration).
 */
export function checkTool(path: string): string | undefined {
  let stats: Stats
  try {
    stats = statSync(path)
  } catch {
    return undefined
  }
  if (!stats.isFile()) return `${path} is not a regular file: name the program itself`
  if (process.platform === 'win32') return undefined
  if (stats.mode & constants.S_IWOTH) {
    return `${path} can be changed by everybody: run chmod go-w on it`
  }
  // Where every user has a group of the same number, group-writable means nobody else.
  if (stats.mode & constants.S_IWGRP && stats.gid !== stats.uid) {
    return `${path} can be changed by its group: run chmod go-w on it`
  }
  const folder = dirname(path)
  if (replaceable(folder)) {
    return `${path} can be replaced by everybody: run chmod o-w on ${folder}`
  }
  if (!executable(path)) return `${path} cannot be executed: run chmod a+x on it`
  return undefined
}

/** A sentence for a tool that is not there now. */
export function missingTool(path: string): string | undefined {
  try {
    statSync(path)
    return undefined
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be reached (${code})`
    return `${path} ${why}: its server will not be read until it is there`
  }
}

const sticky = 0o1000

/** Whoever may write to the folder may put another file of this name there. */
function replaceable(folder: string): boolean {
  const { mode } = statSync(folder)
  return (mode & constants.S_IWOTH) !== 0 && (mode & sticky) === 0
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
