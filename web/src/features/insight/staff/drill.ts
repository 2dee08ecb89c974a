import type { Board, Group } from '@/shared/api'
import type { FigureFilter } from './filter'

/** Where the cases behind a figure are listed, narrowed as the figure is. */
export interface CaseList { path: string; query: Record<string, string> }
export type Counted = 'received' | 'accepted' | 'decided' | 'overdue'
export type Dimension = 'item' | 'bureau' | 'org' | 'channel'

const LIST = '/cases'

/** The list of the cases that a figure of the whole page counts. */
export function casesOf(counted: Counted, filter: FigureFilter, board: Pick<Board, 'from' | 'to'>): CaseList {
  const { item, bureau, org, channel } = filter
  const narrowed = { item, bureau, org: org ?? bureau, channel }
  const days = counted === 'overdue' ? { clock: 'overdue', order: 'due' } : { [`${counted}_from`]: board.from, [`${counted}_to`]: board.to }
  return { path: LIST, query: Object.fromEntries(Object.entries({ ...narrowed, ...days }).filter(([, value]) => value)) as Record<string, string> }
}

/** The filter that shows one group alone. An organisation says its agency itself; a field holds many items. */
export function narrowedTo(dimension: Dimension, group: Pick<Group, 'key'>, filter: FigureFilter): FigureFilter {
  const { org: _org, domain: _domain, ...rest } = filter
  if (dimension === 'bureau') return { ...rest, domain: filter.domain, bureau: group.key }
  if (dimension === 'item') return { ...rest, org: filter.org, item: group.key }
  return { ...filter, [dimension]: group.key }
}

/** Whether a list of cases can be narrowed as these figures are: a field is many items, and lists take one. */
export const isListable = (filter: FigureFilter) => !filter.domain || Boolean(filter.item)
