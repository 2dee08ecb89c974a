import type { FormData, FormValue } from '@/shared/api'

/** A field that two people have filled in differently. */
export interface Clash { field: string; mine: FormValue | undefined; theirs: FormValue | undefined }

/** What follows when a form was changed here and by somebody else since both had the same. */
export interface Merge {
  /** Fields that only the other one changed; `undefined` where he emptied one. */
  taken: FormData
  clashes: Clash[]
}

/**
 * Brings two changes of one form together, field by field. What we may have sent ourselves, in a
 * request whose answer never came, is no change of somebody else.
 */
export function mergeForms(base: FormData, mine: FormData, theirs: FormData, sent: FormData = base): Merge {
  const merge: Merge = { taken: {}, clashes: [] }
  for (const field of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const isNews = !isSame(theirs[field], base[field]) && !isSame(theirs[field], sent[field])
    if (!isNews || isSame(theirs[field], mine[field])) continue
    if (isSame(mine[field], base[field])) merge.taken[field] = theirs[field]
    else merge.clashes.push({ field, mine: mine[field], theirs: theirs[field] })
  }
  return merge
}

/** Rows are equal whatever the order of their columns. */
function isSame(one: FormValue | undefined, other: FormValue | undefined): boolean {
  return text(one) === text(other)
}

function text(value: FormValue | undefined): string {
  return JSON.stringify(Array.isArray(value) ? value.map((row) => Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))) : value ?? null)
}
