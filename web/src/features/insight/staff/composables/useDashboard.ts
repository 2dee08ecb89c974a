import { computed } from 'vue'
import { api, useLoaded, type Month, type Today } from '@/shared/api'
import { onChange } from '@/shared/live'
import { figuresOf } from '../figures'

const BURST_MS = 3000

/** Today's figures and the month's curve; both follow the stream of changes. */
export function useDashboard() {
  const today = useLoaded((signal) => api.get<Today>('/insight/today', undefined, { signal }))
  const month = useLoaded((signal) => api.get<Month>('/insight/month', undefined, { signal }))
  onChange('cases', () => void today.reload(), BURST_MS)
  onChange('cases', () => void month.reload(), BURST_MS * 10)
  return { today, month, figures: computed(() => (today.data.value ? figuresOf(today.data.value) : [])) }
}
