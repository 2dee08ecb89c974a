import { shallowRef, watch, type ShallowRef } from 'vue'
import { api, type MySummary } from '@/shared/api'
import { citizen } from '@/shared/auth'
import { onChange } from '@/shared/live'

/** What the person has under way; follows the stream of changes. */
export function useMySummary(): ShallowRef<MySummary | undefined> {
  const summary = shallowRef<MySummary>()

  async function load(): Promise<void> {
    try {
      summary.value = citizen.value ? await api.get<MySummary>('/my/summary') : undefined
    } catch {
      // The home page stays useful without it.
    }
  }

  watch(citizen, load, { immediate: true })
  onChange('cases', load)
  return summary
}
