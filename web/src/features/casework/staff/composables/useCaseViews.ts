import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { asProblem, type ApiProblem, type CaseCount, type OrgChoice } from '@/shared/api'
import { chosen, isSame, type CaseFilter, type CaseView } from '../caseViews'
import { countCases, findOwnViews, keepOwnViews } from '../staff.api'

export const VIEWS_MAX = 12

export interface CaseViews {
  own: ShallowRef<CaseView[]>
  orgs: ShallowRef<OrgChoice[]>
  mayExport: Ref<boolean>
  /** By the filter as text. */
  counts: ShallowRef<Record<string, CaseCount>>
  isFull: ComputedRef<boolean>
  busy: Ref<boolean>
  problem: ShallowRef<ApiProblem | undefined>
  /** Keeps all own views as they are given; whether they were. */
  keep: (views: CaseView[]) => Promise<boolean>
  load: () => Promise<void>
  /** Counts views one after the other: a page must not ask for a dozen counts at once. */
  count: (views: readonly CaseView[]) => Promise<void>
  countOf: (filter: CaseFilter) => CaseCount | undefined
  isKnown: (views: readonly CaseView[], filter: CaseFilter) => boolean
}

/** The views of the list of cases that the server keeps for the caller, and how many cases each holds. */
export function useCaseViews(): CaseViews {
  const own = shallowRef<CaseView[]>([])
  const orgs = shallowRef<OrgChoice[]>([])
  const mayExport = ref(false)
  const counts = shallowRef<Record<string, CaseCount>>({})
  const busy = ref(false)
  const problem = shallowRef<ApiProblem>()
  let version = 0
  let stop = new AbortController()
  onScopeDispose(() => stop.abort())

  async function load(): Promise<void> {
    try {
      const answer = await findOwnViews()
      version = answer.version ?? 0
      own.value = answer.data.views.map(({ name, filter }) => ({ name, filter: chosen({ ...filter }) }))
      orgs.value = answer.data.orgs
      mayExport.value = answer.data.may_export
    } catch (cause) {
      problem.value = asProblem(cause)
    }
  }

  async function keep(views: CaseView[]): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = undefined
    try {
      version = (await keepOwnViews(views, version)).version
      own.value = views
      return true
    } catch (cause) {
      problem.value = asProblem(cause)
      // Changed in another window meanwhile: what is kept now is shown.
      if (problem.value.code === 'E1010') await load()
      return false
    } finally {
      busy.value = false
    }
  }

  async function count(views: readonly CaseView[]): Promise<void> {
    stop.abort()
    const mine = (stop = new AbortController())
    for (const view of views) {
      try {
        const counted = await countCases(view.filter, mine.signal)
        if (mine.signal.aborted) return
        counts.value = { ...counts.value, [keyOf(view.filter)]: counted }
      } catch {
        // A tab without a count is still a tab.
        if (mine.signal.aborted) return
      }
    }
  }

  const keyOf = (filter: CaseFilter) => JSON.stringify(chosen(filter))
  return {
    own, orgs, mayExport, counts, busy, problem, keep, load, count,
    isFull: computed(() => own.value.length >= VIEWS_MAX),
    countOf: (filter) => counts.value[keyOf(filter)],
    isKnown: (views, filter) => views.some((view) => isSame(view.filter, filter))
  }
}
