import { reactive, shallowRef } from 'vue'
import { api, asProblem, newKey, whenSignedIn, type Acted, type ApiProblem, type CaseFile, type FileAnswer } from '@/shared/api'
import { common } from '@/shared/locales/common'
import { announce } from '@/shared/ui/announce'
import { t } from '../locales'
import type { Draft } from './useDraft'

const BYTES_MAX = 20 * 1024 * 1024
const KINDS = ['image/jpeg', 'image/png', 'application/pdf']
export const ACCEPT = KINDS.join(',')
/** A case has as many files as it may have: the file is refused, not the call. */
const TOO_MANY = 'E1217'

interface Running { id: number; material: string; name: string; share: number; stop: () => void }

/** Sending and removing files of the materials of a draft. */
export function useUploads(caseId: string, draft: Draft) {
  const running = reactive<Running[]>([])
  const problems = reactive(new Map<string, string>())
  const problem = shallowRef<ApiProblem>()
  let count = 0
  /** Keys of uploads whose answer never came: the same file chosen again counts once. */
  const unanswered = new Map<string, string>()

  async function send(material: string, files: Iterable<File>): Promise<void> {
    problems.delete(material)
    problem.value = undefined
    for (const file of files) {
      const refused = refusal(file)
      if (refused) refuse(material, refused)
      else await sendOne(material, file)
    }
  }

  /** What is wrong with a file is told at its material, all of it when several were chosen. */
  function refuse(material: string, why: string): void {
    problems.set(material, [problems.get(material), why].filter(Boolean).join('；\n'))
  }

  async function sendOne(material: string, file: File): Promise<void> {
    const stop = new AbortController()
    const entry: Running = { id: (count += 1), material, name: file.name, share: 0, stop: () => stop.abort() }
    running.push(entry)
    const shown = running.find((other) => other.id === entry.id)
    const upload = [material, file.name, file.size, file.lastModified].join('/')
    const key = unanswered.get(upload) ?? newKey()
    unanswered.delete(upload)
    const before = namesakes(material, file)
    try {
      const path = `/cases/${caseId}/files?material=${encodeURIComponent(material)}`
      const onProgress = (share: number) => { if (shown) shown.share = share }
      await draft.change(() => api.upload<FileAnswer>(path, file, { key, signal: stop.signal, onProgress }))
      announce(t.apply.uploaded)
    } catch (cause) {
      const failed = asProblem(cause)
      if (namesakes(material, file) > before) announce(t.apply.uploaded)
      else if (isAboutFile(failed)) refuse(material, t.apply.notTaken(file.name, whyOf(failed)))
      else if (!stop.signal.aborted) {
        if (failed.isUnanswered) unanswered.set(upload, key)
        problem.value = failed
      }
    } finally {
      running.splice(running.findIndex((other) => other.id === entry.id), 1)
    }
  }

  /** How many files of this name the server has: it may have one more although its answer was lost. */
  function namesakes(material: string, file: File): number {
    const slot = draft.draft.value?.materials.find((other) => other.id === material)
    return slot?.files.filter((other) => other.name === file.name).length ?? 0
  }

  async function remove(file: CaseFile): Promise<void> {
    problem.value = undefined
    try {
      await draft.change(() => api.delete<Acted>(`/cases/${caseId}/files/${file.material_id}`))
      unanswered.clear()
      announce(t.apply.removed)
    } catch (cause) {
      problem.value = asProblem(cause)
    }
  }

  whenSignedIn(() => { if (problem.value?.kind === 'signed_out') problem.value = undefined })
  return { running, problems, problem, send, remove }
}

export type Uploads = ReturnType<typeof useUploads>

function isAboutFile(problem: ApiProblem): boolean {
  return problem.kind === 'refused' || problem.code === TOO_MANY
}

function whyOf({ title, detail }: ApiProblem): string {
  return title ? `${title}，${detail}` : common.problems.refused.what
}

function refusal(file: File): string {
  if (file.size > BYTES_MAX) return t.apply.tooBig(file.name)
  return KINDS.includes(file.type) ? '' : t.apply.wrongKind(file.name)
}
