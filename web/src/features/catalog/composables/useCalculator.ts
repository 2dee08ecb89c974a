import { reactive, shallowRef, watch } from 'vue'
import { api, useAction, useLoaded, type Calculated, type CalculatorGuide, type FormData } from '@/shared/api'
import { faultsOf } from '@/features/casework/composables/formFaults'
import { dataToSend, idOfPointer } from '@/features/casework/composables/formLogic'
import { useOpenErrors } from '@/features/casework/composables/useOpenErrors'

/** A calculator with what is filled in and what it found; another answer takes the result away. */
export function useCalculator(id: string) {
  const path = `/calculators/${encodeURIComponent(id)}`
  const guide = useLoaded((signal) => api.get<CalculatorGuide>(path, undefined, { signal }))
  const data = reactive<FormData>({})
  const result = shallowRef<Calculated>()
  const check = () => (guide.data.value ? faultsOf(guide.data.value.form, data, {}) : [])
  const { open: errors, tell, errorOf } = useOpenErrors(check, (field) => data[field.split('-')[1] ?? ''])

  const asked = useAction(async (key) => {
    const form = guide.data.value && dataToSend(guide.data.value.form, data, {})
    return api.post<Calculated>(path, { form }, { key, quiet: true })
  })

  async function calculate(): Promise<void> {
    const found = check()
    tell(found)
    if (found.length) return
    const sent = JSON.stringify(data)
    const answer = await asked.run()
    tell((asked.problem.value?.faults ?? []).map((fault) => ({ id: idOfPointer(fault.pointer), text: fault.title })), true)
    if (sent === JSON.stringify(data)) result.value = answer
  }

  function restart(): void {
    for (const key of Object.keys(data)) delete data[key]
    result.value = undefined
    tell([])
  }

  watch(data, () => { result.value = undefined })
  return { guide, data, result, errors, errorOf, calculate, restart, busy: asked.busy, problem: asked.problem }
}
