import type { Board, BoardFigures, FigureName, Group } from '@/shared/api'
import type { FigureFilter } from './filter'

/** Where what a figure counts is listed, narrowed as the figure is. */
export interface Listed { path: string; query: Record<string, string> }
export type Happened = 'received' | 'accepted' | 'closed' | 'decided' | 'delivered' | 'overdue'
export type Mark = Exclude<keyof BoardFigures['basis'], 'working_days'>
/** Cases that a figure counts: to which something happened, and of these those that have a mark, or have it not. */
export interface CasesOf { happened: Happened; mark?: Mark; has?: boolean; cases: number }
export type Dimension = 'item' | 'bureau' | 'org' | 'channel' | 'hall'

/** What each figure counts; a rate counts the cases with its mark, and stands beside those without. */
const COUNTED: Partial<Record<FigureName, { happened: Happened; mark?: Mark }>> = {
  received: { happened: 'received' }, accepted: { happened: 'accepted' }, closed: { happened: 'closed' }, decided: { happened: 'decided' }, delivered: { happened: 'delivered' }, overdue: { happened: 'overdue' },
  on_time_rate: { happened: 'decided', mark: 'on_time' }, within_law_rate: { happened: 'decided', mark: 'within_law' }, one_visit_rate: { happened: 'delivered', mark: 'one_visit' },
  instant_rate: { happened: 'decided', mark: 'instant' }, corrected_rate: { happened: 'decided', mark: 'corrected' },
  mean_working_days: { happened: 'decided' }, median_working_days: { happened: 'decided' }, p90_working_days: { happened: 'decided' }
}

/** The cases that a figure counts; those of a rate with its mark first. */
export function countedBy(key: FigureName, figures: BoardFigures): CasesOf[] {
  const counted = COUNTED[key]
  if (!counted) return []
  const { happened, mark } = counted
  if (!mark) return [{ happened, cases: figures[happened] }].filter((one) => one.cases > 0)
  const { numerator, denominator } = figures.basis[mark]
  return [{ happened, mark, has: true, cases: numerator }, { happened, mark, has: false, cases: denominator - numerator }].filter((one) => one.cases > 0)
}

/** The list of these cases, as many as the figure says. */
export function casesOf(counted: CasesOf, filter: FigureFilter, board: Pick<Board, 'from' | 'to' | 'orgs'>): Listed {
  const { happened, mark, has } = counted
  const days = happened === 'overdue' ? { clock: 'overdue', order: 'due' } : { [`${happened}_from`]: board.from, [`${happened}_to`]: board.to }
  return { path: '/cases', query: said({ item: filter.item, org: board.orgs.join(), channel: filter.channel, hall: filter.hall, ...days, ...(mark ? { [mark]: String(has) } : {}) }) }
}

/** The list of the ratings that are counted; none where it cannot be narrowed as they are. */
export function ratingsOf(filter: FigureFilter, board: Pick<Board, 'ratings' | 'orgs'>, stars?: number): Listed | undefined {
  const { from, to, rated, visible } = board.ratings
  if (!visible || !rated || filter.channel || filter.hall || !isListable(filter)) return undefined
  return { path: '/ratings', query: said({ from: from.slice(0, 7), to: to.slice(0, 7), item: filter.item, org: board.orgs.join(), stars: stars && String(stars) }) }
}

/** The filter that shows one group alone. An organisation says its agency itself; a field holds many items. */
export function narrowedTo(dimension: Dimension, group: Pick<Group, 'key'>, filter: FigureFilter): FigureFilter {
  const { org: _org, domain: _domain, ...rest } = filter
  if (dimension === 'bureau') return { ...rest, domain: filter.domain, bureau: group.key }
  if (dimension === 'item') return { ...rest, org: filter.org, item: group.key }
  // Who applies on line comes to no hall.
  if (dimension === 'hall') return { ...filter, channel: undefined, hall: group.key }
  return { ...filter, [dimension]: group.key }
}

/** The organisations whose cases a group holds. */
export function orgsOf(dimension: Dimension, group: Pick<Group, 'key'>, board: Pick<Board, 'orgs' | 'whole_city'>): string[] {
  return dimension === 'org' || (dimension === 'bureau' && board.whole_city) ? [group.key] : board.orgs
}

/** Whether lists can be narrowed as these figures are: a field is many items, and lists take one. */
export const isListable = (filter: FigureFilter) => !filter.domain || Boolean(filter.item)

function said(query: Record<string, string | number | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value)) as Record<string, string>
}
