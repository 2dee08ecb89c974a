import { computed, onScopeDispose, reactive, ref, shallowRef, watch } from 'vue'
import { api, asProblem, newKey, useLoaded, type Acted, type ApiProblem, type CaseDraft, type FormData } from '@/shared/api'
import { sessionLost } from '@/shared/auth'
import { dataToSend } from './formLogic'

const AUTOSAVE_MS = 1500

/**
 * A draft (or a case that may be corrected) with its form: what is typed is kept on the page and
 * saved by itself. Writes go one after another, each with the version that the one before gave.
 */
export function useDraft(caseId: string) {
  const draft = shallowRef<CaseDraft>()
  const data = reactive<FormData>({})
  const facts = computed<FormData>(() => draft.value?.prefill.values ?? {})
  const version = ref(0)
  const dirty = ref(false), saving = ref(false)
  const saveProblem = shallowRef<ApiProblem>()
  const taken = ref(false)
  let writes: Promise<unknown> = Promise.resolve()
  let timer: ReturnType<typeof setTimeout> | undefined
  let filling = false

  const { problem, loading, reload } = useLoaded(async (signal) => {
    const answer = await api.get<CaseDraft>(`/cases/${caseId}/draft`, undefined, { signal })
    adopt(answer)
    fill(answer)
    return answer
  })

  function adopt(answer: CaseDraft): void {
    draft.value = answer
    version.value = answer.version
  }

  function fill(answer: CaseDraft): void {
    filling = true
    for (const key of Object.keys(data)) delete data[key]
    Object.assign(data, structuredClone({ ...answer.prefill.values, ...answer.data }))
    queueMicrotask(() => { filling = false })
  }

  /** Runs one write after the others. */
  function write<T>(act: (version: number) => Promise<T>): Promise<T> {
    const turn = writes.then(() => act(version.value))
    writes = turn.catch(() => undefined)
    return turn
  }

  /** A write that answers the version it made; what follows from it is read before the next one. */
  function change(act: (version: number) => Promise<{ version: number }>): Promise<void> {
    return write(async (at) => {
      version.value = (await act(at)).version
      await refresh().catch(() => undefined)
    })
  }

  /** Takes the newest version without touching what is typed. */
  async function refresh(): Promise<void> {
    adopt(await api.get<CaseDraft>(`/cases/${caseId}/draft`))
  }

  async function put(key: string, again: boolean): Promise<void> {
    const form = draft.value?.form
    if (!form) return
    dirty.value = false
    try {
      const body = { data: dataToSend(form, data, facts.value) }
      await change((at) => api.put<Acted>(`/cases/${caseId}/form`, body, { version: at, key }))
    } catch (cause) {
      dirty.value = true
      const failed = asProblem(cause)
      if (failed.kind !== 'conflict' || !again) throw failed
      taken.value = true
      await refresh()
      await put(newKey(), false)
    }
  }

  /** Saves what is typed; answers whether all of it is safe. */
  async function save(): Promise<boolean> {
    clearTimeout(timer)
    if (!dirty.value) return true
    saving.value = true
    try {
      await put(newKey(), true)
      saveProblem.value = undefined
    } catch (cause) {
      saveProblem.value = asProblem(cause)
    }
    saving.value = false
    return !dirty.value
  }

  watch(data, () => {
    if (filling) return
    dirty.value = true
    clearTimeout(timer)
    timer = setTimeout(() => void save(), AUTOSAVE_MS)
  }, { deep: true, flush: 'sync' })

  watch(sessionLost, (lost) => { if (!lost && dirty.value) void save() })
  const online = () => { if (dirty.value) void save() }
  const leaving = (event: BeforeUnloadEvent) => { if (dirty.value) event.preventDefault() }
  addEventListener('online', online)
  addEventListener('beforeunload', leaving)
  onScopeDispose(() => {
    clearTimeout(timer)
    removeEventListener('online', online)
    removeEventListener('beforeunload', leaving)
  })

  return { draft, data, facts, version, dirty, saving, saveProblem, taken, problem, loading, reload, refresh, save, write, change }
}

export type Draft = ReturnType<typeof useDraft>
