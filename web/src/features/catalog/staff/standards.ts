import type { SaidAt, StandardRow } from '@/shared/api'

export const STANDARD_VIEWS = ['all', 'waiting', 'suspended', 'ended'] as const
export type StandardView = (typeof STANDARD_VIEWS)[number]

const IN: Record<StandardView, (row: StandardRow) => boolean> = {
  all: () => true,
  waiting: (row) => row.waiting.length > 0,
  suspended: (row) => !!row.suspended,
  ended: (row) => !row.edition && row.waiting.length === 0
}

/** The standards of a view, narrowed by what stands in the search box. */
export function standardsIn(rows: readonly StandardRow[], view: StandardView, text: string): StandardRow[] {
  const wanted = text.trim().toLowerCase()
  return rows.filter((row) => IN[view](row) && (!wanted || [row.code, row.name.zh, row.name.en ?? ''].some((one) => one.toLowerCase().includes(wanted))))
}

/** What an edition says, in parts that have a name, in the order of these names; each place within its part. */
export function partsOf(rows: readonly SaidAt[], order: readonly string[]): { part: string; rows: SaidAt[] }[] {
  const parts = new Map<string, SaidAt[]>()
  for (const row of rows) parts.set(partOf(row.place), [...(parts.get(partOf(row.place)) ?? []), row])
  const rank = (part: string) => (order.includes(part) ? order.indexOf(part) : order.length)
  return [...parts].map(([part, rows]) => ({ part, rows })).sort((a, b) => rank(a.part) - rank(b.part))
}

/** The part of an item that a place such as `materials[m2].name.zh` lies in. */
export const partOf = (place: string): string => /^[a-z_]+/.exec(place)?.[0] ?? place
