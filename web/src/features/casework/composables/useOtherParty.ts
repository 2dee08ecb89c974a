import { computed, ref, shallowRef } from 'vue'
import { api, asProblem, useAction, useLoaded, type Acted, type ApiProblem, type CaseFile, type FileAnswer, type OtherPartyCase } from '@/shared/api'
import { onChange } from '@/shared/live'
import { announce } from '@/shared/ui'
import { t } from '../locales'
import { kindOf, lighter } from './photo'
import { BYTES_MAX } from './useUploads'

/** A case in which one is the other party: its notice, evidence, and the one answer. */
export function useOtherParty(caseId: string) {
  const base = `/cases/${caseId}/other-party`
  const loaded = useLoaded((signal) => api.get<OtherPartyCase>(base, undefined, { signal }))
  const view = loaded.data
  onChange('cases', () => void loaded.reload(), undefined, (event) => !event.case_id || event.case_id === caseId)

  const electronic = ref(true)
  const agrees = ref(''), text = ref(''), tried = ref(false)
  const faults = computed(() => ({
    agrees: tried.value && !agrees.value ? t.other.errors.agrees : undefined,
    text: tried.value && agrees.value === 'no' && !text.value.trim() ? t.other.errors.text : undefined
  }))

  const confirm = useAction(async (key) => {
    await api.post<Acted>(`${base}/confirm`, { electronic_service: electronic.value }, { key })
    announce(t.other.confirmed)
    await loaded.reload()
  })

  const answer = useAction(async (key) => {
    const body = { agrees: agrees.value === 'yes', text: text.value.trim(), electronic_service: electronic.value }
    await api.post<Acted>(`${base}/answer`, body, { key })
    announce(t.other.sent)
    await loaded.reload()
  })

  /** What can be said without the server is said first, with the cursor where it is. */
  async function send(): Promise<void> {
    tried.value = true
    if (faults.value.agrees) return void document.getElementById('other-agrees')?.focus()
    if (faults.value.text) return void document.getElementById('other-text')?.focus()
    await answer.run()
  }

  return { ...loaded, view, electronic, agrees, text, faults, confirm, answer, send, evidence: useEvidence(caseId, () => loaded.reload()) }
}

/** Evidence lies below the other party's part of the case. Each file goes whole: photos and a page or two. */
function useEvidence(caseId: string, reload: () => Promise<void>) {
  const path = `/cases/${caseId}/other-party/files`
  const sending = ref('')
  const fault = ref('')
  const problem = shallowRef<ApiProblem>()

  async function send(files: Iterable<File>): Promise<void> {
    fault.value = ''
    problem.value = undefined
    for (const chosen of files) {
      const file = await lighter(chosen, await kindOf(chosen))
      if (!await kindOf(file)) { fault.value = t.apply.wrongKind(chosen.name); continue }
      if (file.size > BYTES_MAX) { fault.value = t.apply.tooBig(chosen.name); continue }
      sending.value = file.name
      await act(() => api.file<FileAnswer>(path, file, { query: { material: 'evidence' } }), t.apply.uploaded)
      sending.value = ''
    }
  }

  const remove = (file: CaseFile) => act(() => api.delete<Acted>(`${path}/${file.material_id}`), t.apply.removed)

  async function act(change: () => Promise<unknown>, said: string): Promise<void> {
    try {
      await change()
      announce(said)
      await reload()
    } catch (cause) {
      problem.value = asProblem(cause)
    }
  }

  return { sending, fault, problem, send, remove }
}

export type OtherPartyPage = ReturnType<typeof useOtherParty>
