import type { Clock, ClockKind, Day } from '@/shared/api'
import { formatDue, today } from '@/shared/format'
import { t } from './locales'

export type SlaLevel = 'over' | 'soon' | 'ok' | 'none'
/** How much of a promise is used, as a level, a share for the bar and words that stand without it. */
export interface Sla { level: SlaLevel; share: number; words: string }

const DAY_MS = 86_400_000

/** Whole days from one day to another; negative when the second lies before the first. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS)
}

/** The state of a time limit on a day. Whether it is over is told by the server, never guessed here. */
export function slaOf(
  limit: { due_on?: Day | null; counts_from?: Day | null; overdue: boolean },
  on: Day = today()
): Sla {
  if (!limit.due_on) return { level: 'none', share: 0, words: t.sla.none }
  const left = daysBetween(on, limit.due_on)
  if (limit.overdue) return { level: 'over', share: 1, words: left < 0 ? t.sla.over(-left) : t.sla.overdue }
  return { level: left <= 1 ? 'soon' : 'ok', share: usedShare(limit.counts_from, limit.due_on, left), words: leftWords(left) }
}

function leftWords(left: number): string {
  if (left < 0) return t.sla.due
  if (left === 0) return t.sla.today
  return left === 1 ? t.sla.tomorrow : t.sla.left(left)
}

function usedShare(from: Day | null | undefined, due: Day, left: number): number {
  const whole = from ? daysBetween(from, due) : 0
  if (whole <= 0) return left <= 0 ? 1 : 0.5
  return Math.min(1, Math.max(0.04, 1 - left / whole))
}

/** The name of a clock. */
export function clockName(kind: ClockKind): string {
  return t.sla.clocks[kind]
}

const FIRST: ClockKind[] = ['correction', 'pre_review', 'acceptance', 'promised', 'delivery', 'statutory']

/** The clock that counts now: the running one that stands first in the order of the stages. */
export function runningClock(clocks: readonly Clock[]): Clock | undefined {
  const running = clocks.filter((clock) => !clock.stopped_at)
  return FIRST.map((kind) => running.find((clock) => clock.kind === kind)).find(Boolean)
}

/** The words under the running clock: its last day, and the statutory one beside it. */
export function clockDetail(clock: Clock, all: readonly Clock[]): string {
  const until = t.sla.until(formatDue(clock.due_on, clock.provisional))
  const law = all.find((other) => other.kind === 'statutory' && !other.stopped_at)
  if (!law || clock.kind === 'statutory') return until
  return t.sla.law(until, formatDue(law.due_on, law.provisional))
}
