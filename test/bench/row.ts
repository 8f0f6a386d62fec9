/** One measured claim: a ratio of two things timed in one run, and the most it may be. */
export interface Row {
  name: string
  ratio: number
  goal: number
  /** No slack: the goal is what was promised. */
  hard?: true
  /** A figure to look at: its divisor is too coarse to judge by. */
  printed?: true
  detail: string
}
