import { computed, reactive, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { api, useAction, type Acted, type Fault, type MaterialSlot } from '@/shared/api'
import { citizen } from '@/shared/auth'
import { pick } from '@/shared/locales'
import { announce } from '@/shared/ui/announce'
import { t } from '../locales'
import { faultsOf, type FormError } from './formFaults'
import { idOfPointer } from './formLogic'
import { useDraft } from './useDraft'
import { useOpenErrors } from './useOpenErrors'
import { useUploads } from './useUploads'

/** The draft was moved to the edition of the item that is in force. */
const EDITION_CHANGED = 'E1236'

/** The way of an application: fill in, read back, submit, or keep it for later. */
export function useApply(caseId: string) {
  const route = useRoute(), router = useRouter()
  const draft = useDraft(caseId)
  const uploads = useUploads(caseId, draft)
  const step = computed(() => (route.query.step === 'check' ? 'check' : 'fill'))
  const declared = ref(false)
  const electronic = ref(citizen.value?.electronic_service ?? true)
  const promised = reactive(new Set<string>())
  const { open: errors, tell, errorOf } = useOpenErrors(() => [...check(), ...checkDeclared()], (id) => draft.data[id.split('-')[1] ?? ''])

  function check(): FormError[] {
    const form = draft.draft.value?.form
    if (!form) return []
    const coming = uploads.running.map(({ material }) => material)
    const missing = (draft.draft.value?.materials ?? []).filter((slot) => isAsked(slot) && !slot.files.length && !promised.has(slot.id))
    const sending = (draft.draft.value?.materials ?? []).filter((slot) => coming.includes(slot.id))
    return [
      ...faultsOf(form, draft.data, draft.facts.value),
      ...missing.filter((slot) => !sending.includes(slot)).map((slot) => ({ id: `m-${slot.id}`, text: t.apply.errors.material(pick(slot.name)) })),
      ...sending.map((slot) => ({ id: `m-${slot.id}`, text: t.apply.errors.sending(pick(slot.name)) }))
    ]
  }

  /** What an earlier submission promised is promised again, until it is changed. */
  const stop = watch(draft.draft, (shown) => {
    for (const slot of shown?.materials ?? []) if (slot.promised) promised.add(slot.id)
    if (shown) queueMicrotask(() => stop())
  })

  const checkDeclared = (): FormError[] => (declared.value ? [] : [{ id: 'declare', text: t.apply.errors.declare }])

  async function toCheck(): Promise<void> {
    const saved = await draft.save()
    const found = check()
    tell(found)
    if (saved && !found.length) await router.push({ query: { step: 'check' } })
  }

  async function toFill(id?: string): Promise<void> {
    await router.push({ query: {} })
    if (id) requestAnimationFrame(() => document.getElementById(id)?.focus())
  }

  const submit = useAction(async (key) => {
    const body = { declaration: true, electronic_service: electronic.value, promises: promises() }
    await draft.write((version) => api.post<Acted>(`/cases/${caseId}/submit`, body, { version, key }))
    await router.replace(`/cases/${caseId}/submitted`)
  })

  /** A promise stands only where there is no paper. */
  function promises(): string[] {
    const slots = draft.draft.value?.materials ?? []
    return slots.filter((slot) => isAsked(slot) && slot.promise_allowed && !slot.files.length && promised.has(slot.id)).map((slot) => slot.id)
  }

  async function trySubmit(): Promise<void> {
    tell(checkDeclared())
    if (errors.value.length || !(await draft.save())) return
    await submit.run()
    if (submit.problem.value?.code === EDITION_CHANGED) {
      declared.value = false
      return toFill()
    }
    const faults = submit.problem.value?.faults ?? []
    if (!faults.length) return
    await toFill()
    tell(faults.map(errorOfFault), true)
  }

  async function keep(): Promise<void> {
    if (!(await draft.save())) return
    announce(t.apply.savedLeave)
    await router.push('/cases?which=drafts')
  }

  const throwAway = useAction(async (key) => {
    await draft.write((version) => api.delete(`/cases/${caseId}`, { version, key }))
    draft.abandon()
    announce(t.apply.thrown)
    await router.replace('/cases?which=drafts')
  })

  /** What a submission was refused for, where the form itself has to be looked at again. */
  const moved = computed(() => (submit.problem.value?.code === EDITION_CHANGED ? submit.problem.value : undefined))

  return { draft, uploads, errors, errorOf, moved, step, declared, electronic, promised, toCheck, toFill, submit, trySubmit, keep, throwAway }
}

export type Apply = ReturnType<typeof useApply>

function isAsked(slot: MaterialSlot): boolean {
  return slot.needed && slot.required && !slot.covered_by
}

function errorOfFault(fault: Fault): FormError {
  return { id: idOfPointer(fault.pointer), text: fault.title }
}
