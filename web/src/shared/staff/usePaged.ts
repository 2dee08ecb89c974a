import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { asProblem, whenSignedIn, type ApiProblem, type List } from '@/shared/api'

export interface Paged<Row> {
  rows: ShallowRef<Row[]>
  loading: Ref<boolean>
  problem: ShallowRef<ApiProblem | undefined>
  hasMore: ComputedRef<boolean>
  /** Starts again at the first page; what is shown stays until the answer is there. */
  reload: () => Promise<void>
  /** Adds the next page, once. */
  more: () => Promise<void>
  /** Puts changed rows in place without loading. */
  patch: (change: (row: Row) => Row) => void
}

/** A list that is loaded page by page behind a cursor. An older answer never replaces a newer one. */
export function usePaged<Row>(load: (cursor: string | undefined, signal: AbortSignal) => Promise<List<Row>>): Paged<Row> {
  const rows = shallowRef<Row[]>([])
  const loading = ref(false)
  const problem = shallowRef<ApiProblem>()
  const next = ref<string | null>(null)
  let stop = new AbortController()

  async function fetchPage(cursor: string | undefined, keep: Row[]): Promise<void> {
    stop.abort()
    const mine = (stop = new AbortController())
    loading.value = true
    try {
      const page = await load(cursor, mine.signal)
      if (mine.signal.aborted) return
      rows.value = [...keep, ...page.rows]
      next.value = page.next ?? null
      problem.value = undefined
    } catch (cause) {
      if (mine.signal.aborted) return
      problem.value = asProblem(cause)
    }
    loading.value = false
  }

  const reload = () => fetchPage(undefined, [])
  onScopeDispose(() => stop.abort())
  whenSignedIn(() => { if (problem.value?.kind === 'signed_out') void reload() })
  return {
    rows, loading, problem,
    hasMore: computed(() => next.value !== null),
    reload,
    more: async () => { if (next.value !== null && !loading.value) await fetchPage(next.value, rows.value) },
    patch: (change) => { rows.value = rows.value.map(change) }
  }
}
