import { computed, ref } from 'vue'
import type { ApiProblem } from '@/shared/api'
import { faultAt } from '@/shared/staff/faults'
import type { Refusal } from '../components/acts/GroundPicker.vue'
import { t } from '../locales/acts'

/** Reason, article and where to go: a refusal is not complete without them. */
export function useRefusalForm(problem: () => ApiProblem | undefined) {
  const refusal = ref<Refusal>({ ground: '', reason: '', basis: '', instead: '' })
  const tried = ref(false)
  const need = (key: 'reason' | 'basis' | 'instead', words: string) =>
    (tried.value && !refusal.value[key].trim() ? words : undefined) ?? faultAt(problem(), `/${key}`)
  const errors = computed(() => ({
    ground: faultAt(problem(), '/ground'),
    reason: need('reason', t.ground.noReason),
    basis: need('basis', t.ground.noBasis),
    instead: need('instead', t.ground.noInstead)
  }))
  const body = computed(() => ({
    ...(refusal.value.ground ? { ground: refusal.value.ground } : {}),
    reason: refusal.value.reason.trim(), basis: refusal.value.basis.trim(), instead: refusal.value.instead.trim()
  }))
  return {
    refusal, errors, body,
    /** Shows what is missing from now on; true when nothing is. */
    check: () => { tried.value = true; return Boolean(body.value.reason && body.value.basis && body.value.instead) },
    clear: () => { refusal.value = { ground: '', reason: '', basis: '', instead: '' }; tried.value = false }
  }
}
