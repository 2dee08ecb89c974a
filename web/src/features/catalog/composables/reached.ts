import type { Calculated } from '@/shared/api'
import { today } from '@/shared/format'

/** The day on which somebody reaches the age that a calculator works out, as its rules call it. */
const DAY = 'legal_day'
/** The months that are still open to choose before and after that day. */
const CHOICES = ['earliest_month', 'latest_month']

/** The day of the age, if it has come. */
export function reachedOn({ facts }: Calculated, now: string = today()): string | undefined {
  const day = facts[DAY]
  return typeof day === 'string' && day <= now ? day : undefined
}

/** The lines of a result without choices that nobody has any more. */
export function openLines({ facts, lines }: Calculated, now: string = today()): Calculated['lines'] {
  return lines.filter(({ fact }) => !CHOICES.includes(fact) || String(facts[fact]) >= now.slice(0, 7))
}
