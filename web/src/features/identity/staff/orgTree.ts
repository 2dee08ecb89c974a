import type { OrgRow } from '@/shared/api'

/** An organisation with how deep it lies. */
export interface OrgNode { path: string; name: string; depth: number }

/** What moves the name of an organisation to the right in a list to choose from, once for each level. */
export const DEEPER = '\\u3000'

/** The organisations as a list in the order of a tree: each below its parent, siblings as they came. */
export function orgTree(rows: readonly OrgRow[]): OrgNode[] {
  const known = new Set(rows.map((row) => row.path))
  const below = (parent: string | null, depth: number): OrgNode[] =>
    rows.filter((row) => parentOf(row, known) === parent).flatMap((row) => [{ path: row.path, name: row.name, depth }, ...below(row.path, depth + 1)])
  return below(null, 0)
}

/** The organisations of one agency: staff of another are neither listed nor added here. */
export function ofAgency(rows: readonly OrgRow[], agency: string): OrgRow[] {
  return rows.filter((row) => row.path === agency || row.path.startsWith(`${agency}/`))
}

function parentOf(row: OrgRow, known: ReadonlySet<string>): string | null {
  if (row.parent && known.has(row.parent)) return row.parent
  const at = row.path.lastIndexOf('/')
  const above = at < 0 ? '' : row.path.slice(0, at)
  return known.has(above) ? above : null
}
