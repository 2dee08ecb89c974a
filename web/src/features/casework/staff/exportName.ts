import type { OrgChoice } from '@/shared/api'
import { today } from '@/shared/format'
import { pick } from '@/shared/locales'
import { DAYS, isSame, MARKS, type CaseField, type CaseFilter, type CaseView } from './caseViews'
import { t } from './locales'

/** What systems of files take no name with. */
const FORBIDDEN = /[\\/:*?"<>|]/g
/** With a day and an ending this stays below what every system of files takes, also in Chinese. */
const LETTERS_MAX = 60

/** What a taken list is called: what it is, how it was narrowed, and the day. */
export function exportName(filter: CaseFilter, views: readonly CaseView[], orgs: readonly OrgChoice[], day: string = today()): string {
  const view = views.find((one) => isSame(one.filter, filter))
  const narrowed = view ? [view.name] : filterWords(filter, orgs)
  const words = [t.views.title, ...(narrowed.length ? narrowed : [t.cases.views.all])].join(' ')
  return `${[...words.replace(FORBIDDEN, ' ')].slice(0, LETTERS_MAX).join('')} ${day}`
}

function filterWords(filter: CaseFilter, orgs: readonly OrgChoice[]): string[] {
  const { state, item, org, clock, applicant, channel, hall, handled } = filter
  const named = orgs.find((one) => one.org === org), there = orgs.find((one) => one.org === hall)
  return [
    ...(state ?? '').split(',').filter(Boolean).map((one) => t.cases.states[one as keyof typeof t.cases.states]),
    item,
    org && (named ? pick(named.name) : t.cases.severalOrgs),
    clock && t.cases.clocks[clock as keyof typeof t.cases.clocks],
    applicant && t.field[applicant as 'person' | 'enterprise'],
    channel && t.field.channels[channel],
    hall && (there ? pick(there.name) : hall),
    ...DAYS.map((kind) => daysWords(filter, kind)),
    ...MARKS.map((mark) => filter[mark] && t.cases.marks[mark][filter[mark] === 'true' ? 0 : 1]),
    handled && t.cases.views.handled
  ].filter((word): word is string => Boolean(word))
}

function daysWords(filter: CaseFilter, kind: (typeof DAYS)[number]): string {
  const days = (['from', 'to'] as const).flatMap((end) => filter[`${kind}_${end}` as CaseField] ?? [])
  return days.length ? `${t.cases.days[kind]} ${[...new Set(days)].join(` ${t.cases.until} `)}` : ''
}
