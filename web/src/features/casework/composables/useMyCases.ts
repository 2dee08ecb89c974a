import { computed, ref, shallowRef, watch } from 'vue'
import { useRoute } from 'vue-router'
import { api, useAction, useLoaded, type CaseRow, type List } from '@/shared/api'
import { onChange } from '@/shared/live'

export type Which = 'open' | 'drafts' | 'closed'
export const TABS: Which[] = ['open', 'drafts', 'closed']

/** One's own cases by tab, page by page; follows the stream of changes. */
export function useMyCases() {
  const route = useRoute()
  const asked = computed(() => TABS.find((tab) => tab === route.query.which))
  /** The tab that opens by itself: it stays while one looks at it. */
  const landed = ref<Which>()
  const which = computed(() => asked.value ?? landed.value)
  const later = shallowRef<CaseRow[]>([])
  const cursor = ref<string | null>(null)

  const read = (query: { which?: Which; cursor?: string | null; limit?: number }, signal?: AbortSignal) => api.get<List<CaseRow>>('/my/cases', query, { signal })
  const newest = async (tab: Which, signal: AbortSignal) => (await read({ which: tab, limit: 1 }, signal)).rows[0]
  const first = useLoaded(async (signal) => {
    const tab = which.value ?? (await landOn((other) => newest(other, signal)))
    const answer = await read({ which: tab }, signal)
    if (!signal.aborted) {
      if (!asked.value) landed.value = tab
      later.value = []
      cursor.value = answer.next ?? null
    }
    return { which: tab, rows: answer.rows }
  })
  const more = useAction(async () => {
    const answer = await read({ which: which.value, cursor: cursor.value })
    later.value = [...later.value, ...answer.rows]
    cursor.value = answer.next ?? null
  })

  watch(asked, () => void first.reload())
  onChange('cases', () => void first.reload())
  const rows = computed(() => {
    const loaded = first.data.value
    return loaded && loaded.which === which.value ? [...loaded.rows, ...later.value] : undefined
  })
  return { which, rows, cursor, first, more }
}

/** The tab that has something to see: what is under way, otherwise where something changed last. */
export async function landOn(newest: (tab: Which) => Promise<CaseRow | undefined>): Promise<Which> {
  if (await newest('open')) return 'open'
  const [draft, closed] = await Promise.all([newest('drafts'), newest('closed')])
  if (!draft) return closed ? 'closed' : 'open'
  return closed && Date.parse(closed.updated_at) > Date.parse(draft.updated_at) ? 'closed' : 'drafts'
}
