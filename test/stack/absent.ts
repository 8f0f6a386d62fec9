export interface Absent {
  /** Beginning of the place, as the test prints it. */
  where: string
  why: string
  /** Incident of `npm run test:incidents` that reaches it. */
  incident: string
}

/** Expressions that return nothing in the demo, which is well: at most ten, none on Overview. */
export const absent: readonly Absent[] = []
