import { computed, onScopeDispose, reactive, ref, shallowRef, watch } from 'vue'
import { api, asProblem, newKey, useLoaded, whenSignedIn, type Acted, type ApiProblem, type CaseDraft, type FormData } from '@/shared/api'
import { viewer } from '@/shared/auth'
import { isStale } from '@/shared/staff/faults'
import { dataToSend } from './formLogic'
import { mergeForms, type Clash } from './formMerge'

const AUTOSAVE_MS = 1500
/** Somebody who types on, or a colleague who saves at the same time, makes a saving begin again. */
const SAVE_ROUNDS_MAX = 3

/**
 * A draft (or a case that may be corrected) with its form: what is typed is kept on the page and
 * saved by itself. Writes go one after another, each with the version that the one before gave.
 * What somebody else has saved meanwhile is taken over field by field.
 */
export function useDraft(caseId: string) {
  const draft = shallowRef<CaseDraft>()
  const data = reactive<FormData>({})
  const facts = computed<FormData>(() => draft.value?.prefill.values ?? {})
  const version = ref(0)
  /** Counts of what was typed: all of it, and what of it the server has. */
  const typed = ref(0), kept = ref(0)
  const dirty = computed(() => typed.value !== kept.value)
  const saving = ref(false)
  const saveProblem = shallowRef<ApiProblem>()
  /** Somebody else's changes have come onto the page. */
  const taken = ref(false)
  const clashes = shallowRef<Clash[]>([])
  const pending = ref(0)
  const owner = viewer.value
  let writes: Promise<unknown> = Promise.resolve()
  let saves: Promise<boolean> = Promise.resolve(true)
  let timer: ReturnType<typeof setTimeout> | undefined
  let filling = false
  /** The form as the server had it when we last read it. */
  let base: FormData = {}
  /** A form that was sent and may have arrived. */
  let sent: FormData | undefined
  /** The version may have moved on without us. */
  let uncertain = false

  const { problem, loading, reload } = useLoaded(async (signal) => {
    const answer = await api.get<CaseDraft>(`/cases/${caseId}/draft`, undefined, { signal })
    adopt(answer)
    return answer
  })

  /** Takes a newer version in; what is typed stays. */
  function adopt(answer: CaseDraft): void {
    const known = answer.prefill.values
    const theirs = dataToSend(answer.form, { ...known, ...answer.data }, known)
    if (draft.value) merge(theirs)
    else fill({ ...known, ...answer.data })
    base = theirs
    sent = undefined
    uncertain = false
    draft.value = answer
    version.value = answer.version
  }

  function merge(theirs: FormData): void {
    const merged = mergeForms(base, typedData(), theirs, sent)
    fill(merged.taken)
    taken.value ||= Object.keys(merged.taken).length > 0
    if (!merged.clashes.length) return
    const fields = merged.clashes.map((clash) => clash.field)
    clashes.value = [...clashes.value.filter((clash) => !fields.includes(clash.field)), ...merged.clashes]
  }

  /** Puts values into the form that nobody typed here. */
  function fill(values: FormData): void {
    filling = true
    Object.assign(data, structuredClone(values))
    filling = false
  }

  function typedData(): FormData {
    return draft.value ? dataToSend(draft.value.form, data, facts.value) : {}
  }

  /** Runs one write after the others. After a failure the case may stand elsewhere: it is read again. */
  function write<T>(act: (version: number) => Promise<T>): Promise<T> {
    pending.value += 1
    const turn = writes.then(async () => {
      if (uncertain) await refresh().catch(() => undefined)
      try {
        return await act(version.value)
      } catch (cause) {
        uncertain = true
        await refresh().catch(() => undefined)
        throw cause
      } finally {
        pending.value -= 1
      }
    })
    writes = turn.catch(() => undefined)
    return turn
  }

  /** A write that answers the version it made; what follows from it is read before the next one. */
  function change(act: (version: number) => Promise<{ version: number }>): Promise<void> {
    return write(async (at) => {
      version.value = (await act(at)).version
      uncertain = true
      await refresh().catch(() => undefined)
    })
  }

  async function refresh(): Promise<void> {
    adopt(await api.get<CaseDraft>(`/cases/${caseId}/draft`))
  }

  function put(): Promise<void> {
    return change(async (at) => {
      const upTo = typed.value
      const body = (sent = typedData())
      const answer = await api.put<Acted>(`/cases/${caseId}/form`, { data: body }, { version: at, key: newKey() })
      base = body
      kept.value = upTo
      return answer
    })
  }

  async function saveAll(): Promise<boolean> {
    saving.value = dirty.value || pending.value > 0
    try {
      for (let round = 1; dirty.value && !clashes.value.length && round <= SAVE_ROUNDS_MAX; round += 1) {
        await put().catch((cause: unknown) => { if (!isStale(asProblem(cause)) || round === SAVE_ROUNDS_MAX) throw cause })
      }
      await writes
      saveProblem.value = undefined
    } catch (cause) {
      saveProblem.value = asProblem(cause)
    }
    saving.value = false
    return !dirty.value && !saveProblem.value
  }

  /** Saves what is typed and waits for all that is under way; answers whether all of it is safe. */
  function save(): Promise<boolean> {
    clearTimeout(timer)
    return (saves = saves.then(saveAll))
  }

  /** Answers which of two values counts, for every field that two people have filled in differently. */
  function settle(isMine: (field: string) => boolean): Promise<boolean> {
    fill(Object.fromEntries(clashes.value.filter((clash) => !isMine(clash.field)).map((clash) => [clash.field, clash.theirs])))
    clashes.value = []
    return save()
  }

  /** Nothing of it is wanted any more. */
  function abandon(): void {
    clearTimeout(timer)
    kept.value = typed.value
  }

  watch(data, () => {
    if (filling) return
    typed.value += 1
    clearTimeout(timer)
    timer = setTimeout(() => void save(), AUTOSAVE_MS)
  }, { deep: true, flush: 'sync' })

  const saveAgain = () => { if (dirty.value && viewer.value === owner) void save() }
  const leaving = (event: BeforeUnloadEvent) => { if (dirty.value || pending.value) event.preventDefault() }
  whenSignedIn(saveAgain)
  addEventListener('online', saveAgain)
  addEventListener('beforeunload', leaving)
  onScopeDispose(() => {
    clearTimeout(timer)
    removeEventListener('online', saveAgain)
    removeEventListener('beforeunload', leaving)
  })

  return { draft, data, facts, version, dirty, saving, saveProblem, taken, clashes, problem, loading, reload, refresh, save, settle, abandon, write, change }
}

export type Draft = ReturnType<typeof useDraft>
