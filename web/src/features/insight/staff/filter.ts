import type { LocationQuery } from 'vue-router'
import type { Board, Choices, OrgChoice } from '@/shared/api'
import { formatDay, formatMonth } from '@/shared/format'
import { pick } from '@/shared/locales'
import { t } from './locales'

/** What the figures are narrowed to; all of it stands in the address, and nothing of a person does. */
export interface FigureFilter { period?: string; from?: string; to?: string; item?: string; domain?: string; bureau?: string; org?: string; channel?: string; hall?: string }
type FilterField = keyof FigureFilter

const FIELDS: readonly FilterField[] = ['period', 'from', 'to', 'item', 'domain', 'bureau', 'org', 'channel', 'hall']
export const PERIODS = ['today', '7', '30', '90', 'month', 'own'] as const
const USUAL = '30'

/** The filter that an address names. */
export function filterOf(query: LocationQuery): FigureFilter {
  const filter: FigureFilter = {}
  for (const field of FIELDS) {
    const value = query[field]
    if (typeof value === 'string' && value) filter[field] = value
  }
  return filter
}

/** What the address of a filter says; the usual period goes without saying, days belong to one's own period only. */
export function addressOf(filter: FigureFilter): Record<string, string> {
  const own = filter.period === 'own'
  const said = (field: FilterField) => (field === 'period' ? filter.period !== USUAL : own || (field !== 'from' && field !== 'to'))
  return Object.fromEntries(FIELDS.flatMap((field) => (filter[field] && said(field) ? [[field, filter[field]]] : [])))
}

/** Whether an own period still lacks its days: then nothing is asked yet. */
export const isIncomplete = (filter: FigureFilter) => filter.period === 'own' && !(filter.from && filter.to)

/** The days in words, one or two. */
export const daysInWords = (from: string, to: string) => (from === to ? formatDay(from) : t.filter.span(formatDay(from), formatDay(to)))

/** The period before, as short as a card has room for; the head of the page names its days. */
export const besideInWords = (filter: FigureFilter) => t.filter.beside[filter.period ?? USUAL] ?? t.filter.before(filter.period ?? USUAL)

/** The month in words, or from one to another. */
export function monthsInWords(from: string, to: string): string {
  const [first, last] = [from.slice(0, 7), to.slice(0, 7)]
  return first === last ? formatMonth(first) : t.filter.spanMonths(formatMonth(first), formatMonth(last))
}

/** The name of an organisation, with that of its agency where another has the same. */
export function orgInWords(path: string, name: string, isShared: boolean, bureaus: readonly OrgChoice[]): string {
  const bureau = isShared ? bureaus.find((one) => path.startsWith(`${one.org}/`)) : undefined
  return bureau ? t.filter.orgOf(name, pick(bureau.name)) : name
}

/** Days for the name of a file: whoever finds it next year still knows of which year they are. */
export const daysOfFile = (from: string, to: string) => (from === to ? from : t.filter.spanOfFile(from, to))

/** What the figures are of, in words: for the head of a printed page and of a file. */
export function filterInWords(filter: FigureFilter, board: Board, choices?: Choices, days = daysInWords): string {
  const item = choices?.items.find((one) => one.item === filter.item)
  const org = [...(choices?.orgs ?? []), ...(choices?.bureaus ?? [])].find((one) => one.org === (filter.org ?? filter.bureau))
  const hall = choices?.halls.find((one) => one.org === filter.hall)
  const parts = [
    days(board.from, board.to), org ? pick(org.name) : board.whole_city ? t.filter.wholeCity : '', filter.domain ?? '',
    item ? pick(item.name) : filter.item ?? '', filter.channel ? (filter.channel === 'online' ? t.filter.online : t.filter.window) : '', hall ? pick(hall.name) : filter.hall ?? ''
  ]
  return parts.filter(Boolean).join(t.filter.comma)
}
