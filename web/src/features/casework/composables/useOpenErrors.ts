import { computed, shallowReactive, shallowRef, type ComputedRef } from 'vue'
import { retell } from '@/shared/locales/retell'
import type { FormError } from './formFaults'

/**
 * The errors of the last attempt that are not put right yet. One of the page goes when the check no
 * longer finds it; one that only the server knows goes when its field has another value.
 */
export function useOpenErrors(check: () => FormError[], valueOf: (id: string) => unknown) {
  const told = shallowRef<{ error: FormError; server: boolean; value: string }[]>([])
  const text = (id: string) => JSON.stringify(valueOf(id) ?? null)

  const open: ComputedRef<FormError[]> = computed(() => {
    if (!told.value.length) return []
    const wrong = new Set(check().map((error) => error.id))
    return told.value.filter(({ error, server, value }) => (server ? text(error.id) === value : wrong.has(error.id))).map(({ error }) => error)
  })

  function tell(errors: FormError[], server = false): void {
    told.value = errors.map((error) => ({ error: shallowReactive(error), server, value: text(error.id) }))
  }

  retell(() => told.value.filter(({ server }) => !server).map(({ error }) => error), check)
  const errorOf = (id: string) => open.value.find((error) => error.id === id)?.text
  return { open, tell, errorOf }
}
