import { computed, ref } from 'vue'
import { api, useAction, type Acted, type CaseView } from '@/shared/api'
import { pick } from '@/shared/locales'
import { announce } from '@/shared/ui/announce'
import { t } from '../locales'
import { faultsOf, type FormError } from './formFaults'
import { withDependents } from './formLogic'
import { useDraft } from './useDraft'
import { useOpenErrors } from './useOpenErrors'
import { useUploads } from './useUploads'

/** Putting right what the correction notice lists, and nothing else. */
export function useCorrection(view: CaseView, done: () => void) {
  const draft = useDraft(view.case_id)
  const uploads = useUploads(view.case_id, draft)
  const lines = view.correction?.lines ?? []
  const named = lines.flatMap((line) => (line.field ? [line.field] : []))
  const fields = computed(() => (draft.draft.value ? withDependents(draft.draft.value.form, named) : []))
  const materials = lines.flatMap((line) => (line.material ? [line.material] : []))
  const slots = computed(() => (draft.draft.value?.materials ?? []).filter((slot) => materials.includes(slot.id)))
  const note = ref('')
  const { open: errors, tell, errorOf } = useOpenErrors(check, () => undefined)

  const supply = useAction(async (key) => {
    await draft.write((version) => api.post<Acted>(`/cases/${view.case_id}/supply`, { note: note.value.trim() }, { version, key }))
    announce(t.view.supplied)
    done()
  })

  function check(): FormError[] {
    const form = draft.draft.value?.form
    if (!form) return []
    const ids = fields.value.map((field) => `f-${field}`)
    const coming = uploads.running.map(({ material }) => material)
    const sending = slots.value.filter((slot) => coming.includes(slot.id)).map((slot) => ({ id: `m-${slot.id}`, text: t.apply.errors.sending(pick(slot.name)) }))
    return [...faultsOf(form, draft.data, draft.facts.value).filter((fault) => ids.some((id) => fault.id === id || fault.id.startsWith(`${id}-`))), ...sending]
  }

  async function send(): Promise<void> {
    if (!draft.draft.value) return
    tell(check())
    if (!errors.value.length && (await draft.save())) await supply.run()
  }

  return { draft, uploads, fields, slots, note, errors, errorOf, supply, send }
}
