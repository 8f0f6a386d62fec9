/** Bounds of what one reading may take. */
export const inputLimit = 16 * 1024 * 1024
export const stderrLimit = 64 * 1024
/** Between SIGTERM and SIGKILL. */
export const killAfterSeconds = 2
