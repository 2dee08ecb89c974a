import { computed, ref, watch, type Ref } from 'vue'
import { api, type CaseState, type CaseView, type ItemGuide } from '@/shared/api'

/** With somebody of the staff. */
const WITH_STAFF: CaseState[] = ['REVIEWING', 'DECIDING']

/** Whether a case of an instant item is with a person: its applicant is told why there is no result yet. */
export function useHandedOn(view: Ref<CaseView | undefined>) {
  const instant = ref<boolean>()
  const isWithStaff = computed(() => !!view.value && WITH_STAFF.includes(view.value.state))

  watch(isWithStaff, async (is) => {
    const item = view.value?.item
    if (!is || !item || instant.value !== undefined) return
    // Without the guide the page says what it says of every case.
    const guide = await api.get<ItemGuide>(`/items/${item}`).catch(() => undefined)
    if (guide) instant.value = guide.kind === 'instant'
  }, { immediate: true })

  return computed(() => isWithStaff.value && instant.value === true)
}
