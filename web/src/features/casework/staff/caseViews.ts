import type { LocationQuery } from 'vue-router'
import { t } from './locales'

/** What the list of cases can be narrowed to; the same words stand in the address and at the server. */
export const FIELDS = [
  'state', 'item', 'org', 'applicant', 'channel', 'hall', 'clock', 'received_from', 'received_to', 'accepted_from', 'accepted_to', 'decided_from', 'decided_to', 'closed_from', 'closed_to',
  'delivered_from', 'delivered_to', 'on_time', 'within_law', 'one_visit', 'instant', 'corrected', 'handled', 'order'
] as const
export type CaseField = (typeof FIELDS)[number]
export type CaseFilter = Partial<Record<CaseField, string>>
export interface CaseView { name: string; filter: CaseFilter; tone?: 'hot' | 'warm' }

/** Views that everybody has. */
export const builtIn = (): CaseView[] => [
  { name: t.cases.views.all, filter: {} },
  { name: t.cases.views.today, filter: { clock: 'today' }, tone: 'warm' },
  { name: t.cases.views.overdue, filter: { clock: 'overdue' }, tone: 'hot' },
  { name: t.cases.views.waiting, filter: { state: 'PRE_RETURNED,CORRECTING', order: 'due' } },
  { name: t.cases.views.open, filter: { order: 'due' } },
  { name: t.cases.views.handled, filter: { handled: 'true' } }
]

export const APPLICANTS = ['person', 'enterprise'] as const
export const DAYS = ['received', 'accepted', 'decided', 'closed', 'delivered'] as const
/** What a case has or has not once it is decided or delivered: `true` or `false`. */
export const MARKS = ['on_time', 'within_law', 'one_visit', 'instant', 'corrected'] as const

/** The filter that stands in an address. */
export function filterFrom(query: LocationQuery): CaseFilter {
  return chosen(Object.fromEntries(FIELDS.map((field) => [field, typeof query[field] === 'string' ? query[field] : ''])))
}

/** Only what was chosen, in one order, so that two filters that mean the same read the same. */
export function chosen(filter: Record<string, unknown>): CaseFilter {
  const given = FIELDS.filter((field) => filter[field] !== undefined && filter[field] !== null && filter[field] !== '')
  return Object.fromEntries(given.map((field) => [field, String(filter[field])]))
}

export function isSame(one: CaseFilter, other: CaseFilter): boolean {
  return JSON.stringify(chosen(one)) === JSON.stringify(chosen(other))
}

/** The view in another place; at either end it stays. */
export function moved<T>(views: readonly T[], at: number, step: 1 | -1): T[] {
  const to = at + step
  const next = [...views]
  const view = next[at]
  if (view === undefined || to < 0 || to >= next.length) return next
  next.splice(at, 1)
  next.splice(to, 0, view)
  return next
}

/** A count that may have ended early; one that ended before it found any says nothing. */
export function countWords(count: { cases: number; more: boolean }): string {
  if (count.cases === 0 && count.more) return ''
  return count.cases.toLocaleString() + (count.more ? '+' : '')
}
