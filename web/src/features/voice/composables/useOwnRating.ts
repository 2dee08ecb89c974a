import { shallowRef, watch, type ShallowRef } from 'vue'
import { api, type CaseRating, type CaseView } from '@/shared/api'

/** The rating of one's own case, once there can be one. */
export function useOwnRating(view: ShallowRef<CaseView | undefined>): ShallowRef<CaseRating | undefined> {
  const own = shallowRef<CaseRating>()
  watch(view, async (now) => {
    if (!now?.can.includes('rate')) return
    try {
      own.value = await api.get<CaseRating>(`/cases/${now.case_id}/rating`)
    } catch {
      // The case stays readable without it.
    }
  }, { immediate: true })
  return own
}
