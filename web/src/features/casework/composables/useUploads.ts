import { computed, onScopeDispose, reactive, ref, shallowRef, watch } from 'vue'
import { api, asProblem, newKey, whenSignedIn, type Acted, type ApiProblem, type CaseFile, type ComingFile, type FileAnswer, type MaterialSlot } from '@/shared/api'
import { formatBytes } from '@/shared/format'
import { common } from '@/shared/locales/common'
import { announce } from '@/shared/ui/announce'
import { t } from '../locales'
import { digestOf, kindOf, lighter } from './photo'
import { pathOf, Patience, transfer, type Pause } from './transfer'
import type { Draft } from './useDraft'

/** Bytes of one file, as the server takes them. */
export const BYTES_MAX = 20 * 1024 * 1024
/** What the browser offers to choose; phones turn their photos into one of these. */
export const ACCEPT = 'image/jpeg,image/png,application/pdf'
/** A case or a material has as many files as it may have: the file is refused, not the call. */
const TOO_MANY = ['E1217', 'E1055', 'E1056']

/** A file on its way from this page. */
export interface Running {
  id: number
  material: string
  name: string
  bytes: number
  sent: number
  state: 'queued' | 'preparing' | 'sending' | 'paused' | 'finishing'
  pause: Pause | undefined
  stop: () => void
}

/** Sending, ordering and removing files of the materials of a draft. */
export function useUploads(caseId: string, draft: Draft) {
  const running = reactive<Running[]>([])
  const problems = reactive(new Map<string, string>())
  const problem = shallowRef<ApiProblem>()
  /** Files on their way as the server knows them. */
  const coming = ref<ComingFile[]>([])
  /** Paths of what is on its way from this page. */
  const mine = reactive(new Map<number, string>())
  /** What an earlier page or another device has begun and not finished. */
  const unfinished = computed(() => coming.value.filter((upload) => ![...mine.values()].includes(pathOf(caseId, upload))))
  /** What screen readers say of files that rest and go on; the page shows it at the file. */
  const said = ref('')
  let count = 0

  async function send(material: string, files: Iterable<File>): Promise<void> {
    problems.delete(material)
    problem.value = undefined
    const room = roomOf(material)
    const chosen = [...files]
    if (chosen.length > room) refuse(material, t.apply.full(slotOf(material)?.files_max ?? room))
    const entries = chosen.slice(0, Math.max(room, 0)).map((file) => ({ file, entry: enter(material, file) }))
    for (const { file, entry } of entries) await sendOne(entry, file)
  }

  const slotOf = (material: string): MaterialSlot | undefined => draft.draft.value?.materials.find((slot) => slot.id === material)

  /** How many more files a material may have. */
  function roomOf(material: string): number {
    const slot = slotOf(material)
    if (!slot) return Infinity
    return slot.files_max - slot.files.length - running.filter((entry) => entry.material === material).length
  }

  /** What is wrong with a file is told at its material, all of it when several were chosen. */
  function refuse(material: string, why: string): void {
    problems.set(material, [problems.get(material), why].filter(Boolean).join(`${common.semicolon}\n`))
  }

  const aborts = new Map<number, AbortController>()

  function enter(material: string, file: File): Running {
    const id = (count += 1)
    const abort = new AbortController()
    aborts.set(id, abort)
    running.push({ id, material, name: file.name, bytes: file.size, sent: 0, state: 'queued', pause: undefined, stop: () => abort.abort() })
    return running[running.length - 1] as Running
  }

  async function sendOne(entry: Running, chosen: File): Promise<void> {
    const { material } = entry
    const signal = aborts.get(entry.id)?.signal ?? AbortSignal.abort()
    try {
      signal.throwIfAborted()
      entry.state = 'preparing'
      const file = await prepare(chosen)
      if (typeof file === 'string') return refuse(material, file)
      Object.assign(entry, { name: file.name, bytes: file.size, state: 'sending' })
      const listener = { sent: (bytes: number) => { entry.sent = bytes }, paused: (pause?: Pause) => rest(entry, pause), begun: (path: string) => void mine.set(entry.id, path) }
      const path = await transfer({ caseId, material, file, digest: await digestOf(file), signal, listener })
      entry.state = 'finishing'
      const key = newKey()
      await draft.change(() => new Patience(signal, listener).insist(() => api.post<FileAnswer>(`${path}/finish`, {}, { key, signal })))
      announce(t.apply.uploaded)
    } catch (cause) {
      const failed = asProblem(cause)
      if (signal.aborted) cancelled(entry)
      else if (isAboutFile(failed)) refuse(material, t.apply.notTaken(entry.name, whyOf(failed)))
      else problem.value = failed
    } finally {
      running.splice(running.findIndex((other) => other.id === entry.id), 1)
      mine.delete(entry.id)
      aborts.delete(entry.id)
      if (!left) void refresh()
    }
  }

  /** The file as it is sent, or why it is not. */
  async function prepare(chosen: File): Promise<File | string> {
    if (!chosen.size) return t.apply.empty(chosen.name)
    const file = await lighter(chosen, await kindOf(chosen))
    const kind = await kindOf(file)
    if (kind === 'heic') return t.apply.heic(file.name)
    if (!kind) return t.apply.wrongKind(file.name)
    return file.size > BYTES_MAX ? t.apply.tooBig(file.name) : file
  }

  function rest(entry: Running, pause: Pause | undefined): void {
    const was = entry.pause
    entry.pause = pause
    if (pause) entry.state = 'paused'
    else if (entry.state === 'paused') entry.state = 'sending'
    if (pause && pause.why !== was?.why) said.value = wordsOf(pause)
    if (!pause && was) said.value = t.apply.goesOn
  }

  /** Who leaves the page may go on another time; who stops wants nothing of it kept. */
  function cancelled(entry: Running): void {
    const path = mine.get(entry.id)
    if (left || !path) return
    void api.delete(path).catch(() => undefined).then(refresh)
    announce(t.apply.stopped)
  }

  async function refresh(): Promise<void> {
    const answer = await api.get<{ rows: ComingFile[] }>(`/cases/${caseId}/uploads`).catch(() => undefined)
    if (answer) coming.value = answer.rows
  }

  async function forget(upload: ComingFile): Promise<void> {
    problem.value = undefined
    try {
      await api.delete(pathOf(caseId, upload))
      announce(t.apply.stopped)
    } catch (cause) {
      if (asProblem(cause).kind !== 'missing') problem.value = asProblem(cause)
    }
    await refresh()
  }

  async function act(change: () => Promise<Acted>, said: string): Promise<void> {
    problem.value = undefined
    try {
      await draft.change(change)
      announce(said)
    } catch (cause) {
      problem.value = asProblem(cause)
    }
  }

  const remove = (file: CaseFile) => act(() => api.delete<Acted>(`/cases/${caseId}/files/${file.material_id}`), t.apply.removed)

  /** Puts a file before the one that stands before it. */
  function forward(slot: MaterialSlot, file: CaseFile): Promise<void> {
    const files = slot.files.map((other) => other.material_id)
    const at = files.indexOf(file.material_id)
    if (at < 1) return Promise.resolve()
    files.splice(at - 1, 2, file.material_id, ...files.slice(at - 1, at))
    return act(() => api.put<Acted>(`/cases/${caseId}/file-order`, { material: slot.id, files }), t.apply.moved)
  }

  let left = false
  const leaving = (event: BeforeUnloadEvent) => { if (running.length) event.preventDefault() }
  addEventListener('beforeunload', leaving)
  onScopeDispose(() => {
    left = true
    removeEventListener('beforeunload', leaving)
    aborts.forEach((abort) => abort.abort())
  })
  watch(draft.draft, (shown, before) => { if (shown && !before) void refresh() }, { immediate: true })
  whenSignedIn(() => { if (problem.value?.kind === 'signed_out') problem.value = undefined })
  return { running, problems, problem, unfinished, said, send, remove, forward, forget }
}

export type Uploads = ReturnType<typeof useUploads>

/** How far a file is, in words. */
export function progressOf(entry: Running): string {
  const percent = percentOf(entry.sent, entry.bytes)
  const sent = t.apply.sent(percent, formatBytes(entry.sent), formatBytes(entry.bytes))
  switch (entry.state) {
    case 'queued': return t.apply.queued
    case 'preparing': return t.apply.preparing
    case 'finishing': return t.apply.finishing
    case 'paused': return t.apply.rests(sent, entry.pause ? wordsOf(entry.pause) : '')
    case 'sending': return sent
  }
}

/** Whole per cent, 100 only when all of it is there. */
export function percentOf(sent: number, bytes: number): number {
  return bytes ? Math.floor((sent / bytes) * 100) : 0
}

function wordsOf(pause: Pause): string {
  switch (pause.why) {
    case 'offline': return t.apply.offline
    case 'signed_out': return t.apply.signInFirst
    case 'crowded': return t.apply.crowded
    case 'weak': return t.apply.weak(pause.seconds)
  }
}

function isAboutFile(problem: ApiProblem): boolean {
  return problem.kind === 'refused' || TOO_MANY.includes(problem.code)
}

function whyOf({ title, detail }: ApiProblem): string {
  return title ? t.apply.why(title, detail) : common.problems.refused.what
}
