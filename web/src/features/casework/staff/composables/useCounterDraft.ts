import { computed, nextTick, ref, watch } from 'vue'
import { useAction } from '@/shared/api'
import { pick } from '@/shared/locales'
import { faultsOf, type FormError } from '../../composables/formFaults'
import { idOfPointer } from '../../composables/formLogic'
import { useDraft } from '../../composables/useDraft'
import { useUploads } from '../../composables/useUploads'
import { t } from '../locales/counter'
import { receiveCase } from '../staff.api'
import type { CounterStep } from './useCounter'

/** The draft at the window: form, papers of the closed list, reading back, receipt. */
export function useCounterDraft(caseId: string, go: (step: CounterStep) => void, done: (caseId: string) => void) {
  const draft = useDraft(caseId)
  const uploads = useUploads(caseId, draft)
  const errors = ref<FormError[]>([])
  const readBack = ref(false)
  const electronic = ref(false)
  /** Papers for which the applicant gives a written promise instead. */
  const promises = ref<string[]>([])
  const slots = computed(() => (draft.draft.value?.materials ?? []).filter((slot) => slot.needed || slot.files.length > 0 || !slot.required))
  /** Whether there is anything to collect; without it the step of the papers is passed over. */
  const collects = computed(() => slots.value.some((slot) => !slot.covered_by || slot.files.length > 0))
  const missing = computed(() => slots.value.filter((slot) => slot.needed && slot.required && !slot.covered_by && !slot.files.length && !promises.value.includes(slot.id)))
  /** A paper that has come in is not missing any more. */
  watch(missing, (now, before) => {
    const come = before.filter((slot) => !now.some((one) => one.id === slot.id)).map((slot) => `m-${slot.id}`)
    if (come.length) errors.value = errors.value.filter((error) => !come.includes(error.id))
  })
  const errorOf = (id: string) => errors.value.find((error) => error.id === id)?.text

  async function toPapers(): Promise<void> {
    errors.value = []
    const saved = await draft.save()
    const form = draft.draft.value?.form
    errors.value = form ? faultsOf(form, draft.data, draft.facts.value) : []
    if (!saved || errors.value.length) return
    if (collects.value) go('papers')
    else toRead()
  }

  function toRead(): void {
    readBack.value = false
    const coming = uploads.running.map(({ material }) => material)
    const sending = slots.value.filter((slot) => coming.includes(slot.id))
    errors.value = [
      ...missing.value.filter((slot) => !sending.includes(slot)).map((slot) => ({ id: `m-${slot.id}`, text: t.papers.missing(pick(slot.name)) })),
      ...sending.map((slot) => ({ id: `m-${slot.id}`, text: t.papers.sending(pick(slot.name)) }))
    ]
    if (!errors.value.length) go('read')
  }

  const receive = useAction(async (key) => {
    const body = { read_back: true as const, electronic_service: electronic.value, ...(promises.value.length ? { promises: promises.value } : {}) }
    done((await draft.write((version) => receiveCase(caseId, body, version, key))).case_id)
  })

  async function tryReceive(): Promise<void> {
    errors.value = readBack.value ? [] : [{ id: 'read-back', text: t.papers.readFirst }]
    if (errors.value.length || !await draft.save()) return
    await receive.run()
    const faults = receive.problem.value?.faults ?? []
    if (!faults.length) return
    go(faults.some((fault) => !fault.pointer.startsWith('/materials')) ? 'fill' : 'papers')
    await nextTick()
    errors.value = faults.map((fault) => ({ id: idOfPointer(fault.pointer), text: fault.title }))
  }

  return { draft, uploads, errors, errorOf, readBack, electronic, promises, slots, collects, missing, receive, toPapers, toRead, tryReceive }
}

export type CounterDraftState = ReturnType<typeof useCounterDraft>
