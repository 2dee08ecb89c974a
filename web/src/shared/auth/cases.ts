/** Each of these opens cases: to look at them, or to hand results out. The server decides how much of a case is shown. */
export const CASES = ['case.view', 'case.deliver'] as const
