import type { LocationQuery } from 'vue-router'

/** What the list of ratings can be narrowed to; the same words stand in the address and at the server. */
const FIELDS = ['stars', 'item', 'org', 'from', 'to'] as const
export type RatingFilter = Partial<Record<(typeof FIELDS)[number], string>>

/** The filter that stands in an address. */
export function ratingFilter(query: LocationQuery): RatingFilter {
  return Object.fromEntries(FIELDS.flatMap((field) => (typeof query[field] === 'string' && query[field] ? [[field, query[field]]] : [])))
}
