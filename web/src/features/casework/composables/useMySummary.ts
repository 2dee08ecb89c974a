import { shallowRef, watch, type ShallowRef } from 'vue'
import { api, type CaseRating, type CaseRow, type CaseView, type List, type MySummary } from '@/shared/api'
import { citizen } from '@/shared/auth'
import { onChange } from '@/shared/live'

/** What the home page says about the person. */
export interface Mine {
  counts: MySummary
  /** The case to show: one that waits for the person before the one that changed last. */
  shown?: { row: CaseRow; steps: CaseView['steps'] }
  /** A closed case that may be rated. */
  toRate?: CaseRow
}

/** A closed case is asked about for as long as one remembers it. */
const RATE_WITHIN_MS = 15 * 86_400_000

/** What the person has under way; follows the stream of changes. */
export function useMySummary(): ShallowRef<Mine | undefined> {
  const mine = shallowRef<Mine>()

  async function load(): Promise<void> {
    try {
      mine.value = citizen.value ? await readMine() : undefined
    } catch {
      // The home page stays useful without it.
    }
  }

  watch(citizen, load, { immediate: true })
  onChange('cases', load)
  return mine
}

async function readMine(): Promise<Mine> {
  const [counts, closed] = await Promise.all([api.get<MySummary>('/my/summary'), api.get<List<CaseRow>>('/my/cases', { which: 'closed', limit: 1 })])
  const [shown, toRate] = await Promise.all([shownOf(counts), rateable(closed.rows[0])])
  return { counts, shown, toRate }
}

async function shownOf(counts: MySummary): Promise<Mine['shown']> {
  if (!counts.latest) return undefined
  if (!counts.needs_me || counts.latest.needs_me) return { row: counts.latest, steps: counts.latest_steps }
  const open = await api.get<List<CaseRow>>('/my/cases', { which: 'open' })
  const row = open.rows.find((one) => one.needs_me) ?? counts.latest
  return { row, steps: (await api.get<CaseView>(`/cases/${row.case_id}`)).steps }
}

async function rateable(row: CaseRow | undefined): Promise<CaseRow | undefined> {
  if (!row?.can_rate || Date.now() - Date.parse(row.updated_at) > RATE_WITHIN_MS) return undefined
  return (await api.get<CaseRating>(`/cases/${row.case_id}/rating`)).can_rate ? row : undefined
}
