import { computed, ref, shallowRef, watch } from 'vue'
import { useRoute } from 'vue-router'
import { api, useAction, useLoaded, type CaseRow, type List } from '@/shared/api'
import { onChange } from '@/shared/live'

export type Which = 'open' | 'drafts' | 'closed'
export const TABS: Which[] = ['open', 'drafts', 'closed']

/** One's own cases by tab, page by page; follows the stream of changes. */
export function useMyCases() {
  const route = useRoute()
  const which = computed<Which>(() => TABS.find((tab) => tab === route.query.which) ?? 'open')
  const later = shallowRef<CaseRow[]>([])
  const cursor = ref<string | null>(null)

  const page = (at?: string | null, signal?: AbortSignal) => api.get<List<CaseRow>>('/my/cases', { which: which.value, cursor: at }, { signal })
  const first = useLoaded(async (signal) => {
    const answer = await page(null, signal)
    later.value = []
    cursor.value = answer.next ?? null
    return { which: which.value, rows: answer.rows }
  })
  const more = useAction(async () => {
    const answer = await page(cursor.value)
    later.value = [...later.value, ...answer.rows]
    cursor.value = answer.next ?? null
  })

  watch(which, () => void first.reload())
  onChange('cases', () => void first.reload())
  const rows = computed(() => (first.data.value?.which === which.value ? [...first.data.value.rows, ...later.value] : undefined))
  return { which, rows, cursor, first, more }
}
