import { computed, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { api, useLoaded, type Board, type Choices, type Definition } from '@/shared/api'
import { today } from '@/shared/format'
import { onChange } from '@/shared/live'
import { addressOf, filterOf, isIncomplete, type FigureFilter } from '../filter'

const BURST_MS = 3000

/** The figures that the address names; they follow the address and the stream of changes. */
export function useDashboard() {
  const route = useRoute(), router = useRouter()
  const filter = computed(() => filterOf(route.query))
  /** Own days that are not both chosen yet: what is shown stays. */
  const asked = shallowRef<FigureFilter>(isIncomplete(filter.value) ? {} : filter.value)
  const board = useLoaded((signal) => api.get<Board>('/insight/figures', addressOf(asked.value), { signal }))
  const choices = useLoaded((signal) => api.get<Choices>('/insight/choices', undefined, { signal }))
  const definitions = useLoaded((signal) => api.get<Definition[]>('/insight/definitions', undefined, { signal }))
  watch(filter, (next, before) => {
    if (isIncomplete(next) || JSON.stringify(addressOf(next)) === JSON.stringify(addressOf(before)) && next.period === before.period) return
    asked.value = next
    void board.reload()
  })
  onChange('cases', () => void board.reload(), BURST_MS)
  return {
    filter, asked, board, choices, definitions,
    /** Days that are over can be compared; today is not. */
    isOver: computed(() => (board.data.value?.to ?? '') < today()),
    change: (next: FigureFilter) => void router.replace({ path: route.path, query: { ...addressOf(next), ...(next.period === 'own' ? { period: 'own' } : {}) } })
  }
}
