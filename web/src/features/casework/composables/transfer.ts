import { api, asProblem, newKey, onSignedIn, type ApiProblem, type ComingFile } from '@/shared/api'

const PART_BYTES = { first: 256 * 1024, most: 1024 * 1024 }
/** A part that took less than this is followed by a larger one. */
const QUICK_MS = 1_500
/** Seconds before the next attempt, one more each time; the last one stays. */
const DELAYS = [1, 2, 4, 8, 15, 30]
/** The part does not fit, and the network was too slow for it. */
const ELSEWHERE = 'E1050', HALTED = 'E1016'
/** How often an upload that the server does not know any more is begun anew. */
const BEGUN_MAX = 3

/** Why a file rests. */
export type Pause = { why: 'offline' } | { why: 'signed_out' } | { why: 'crowded' } | { why: 'weak'; seconds: number }

export interface Listener {
  /** Bytes that are there or on their way. */
  sent: (bytes: number) => void
  /** The file rests; `undefined` when it goes on. */
  paused: (pause: Pause | undefined) => void
  /** The server knows the file under this path. */
  begun: (path: string) => void
}

export interface Sending { caseId: string; material: string; file: File; digest: string | undefined; signal: AbortSignal; listener: Listener }

/** Sends a whole file part by part, through broken connections and ended sessions, and answers its path. */
export async function transfer(sending: Sending): Promise<string> {
  const { file, signal, listener } = sending
  let upload = await begin(sending), begun = 1
  let offset = upload.offset, size = PART_BYTES.first
  const path = () => pathOf(sending.caseId, upload)
  listener.begun(path())
  const patience = new Patience(signal, listener)
  while (offset < file.size) {
    listener.sent(offset)
    const end = Math.min(offset + size, file.size), started = Date.now()
    try {
      const onProgress = (share: number) => listener.sent(offset + share * (end - offset))
      offset = await api.part(path(), offset, file.slice(offset, end), { signal, onProgress })
      patience.reset()
      size = Date.now() - started < QUICK_MS ? Math.min(size * 2, PART_BYTES.most, upload.part_bytes_max) : size
    } catch (cause) {
      const failed = asProblem(cause)
      if (signal.aborted || !(passes(failed) || failed.code === ELSEWHERE || failed.kind === 'missing')) throw cause
      if (passes(failed)) await patience.wait(failed)
      size = PART_BYTES.first
      const here = await patience.insist(() => look(path(), signal))
      if (!here && (begun += 1) > BEGUN_MAX) throw failed
      upload = here ?? await begin(sending)
      offset = upload.offset
      listener.begun(path())
    }
  }
  listener.sent(file.size)
  return path()
}

/** Begins to send a file, or goes on with the same content. */
function begin({ caseId, material, file, digest, signal, listener }: Sending): Promise<ComingFile> {
  const key = newKey()
  const body = { material, name: file.name, bytes: file.size, ...(digest ? { digest } : {}) }
  return new Patience(signal, listener).insist(() => api.post<ComingFile>(`/cases/${caseId}/uploads`, body, { key, signal }))
}

/** How far the file is; nothing where the server does not know it any more. */
async function look(path: string, signal: AbortSignal): Promise<ComingFile | undefined> {
  try {
    return await api.get<ComingFile>(path, undefined, { signal })
  } catch (cause) {
    if (asProblem(cause).kind === 'missing') return undefined
    throw cause
  }
}

export const pathOf = (caseId: string, upload: ComingFile) => `/cases/${caseId}/uploads/${upload.upload_id}`

/** Whether the same call has a chance later. */
function passes(problem: ApiProblem): boolean {
  return problem.isUnanswered || ['busy', 'broken', 'signed_out'].includes(problem.kind) || problem.code === HALTED
}

/** Waits for better times: for the network, for a session, or a little longer each time. */
export class Patience {
  private failures = 0

  constructor(private readonly signal: AbortSignal, private readonly listener: Pick<Listener, 'paused'>) {}

  reset(): void {
    if (this.failures) this.listener.paused(undefined)
    this.failures = 0
  }

  /** Calls until there is an answer that will not change. */
  async insist<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const answer = await call()
        this.reset()
        return answer
      } catch (cause) {
        const failed = asProblem(cause)
        if (this.signal.aborted || !passes(failed)) throw cause
        await this.wait(failed)
      }
    }
  }

  async wait(failed: ApiProblem): Promise<void> {
    this.signal.throwIfAborted()
    const step = DELAYS[Math.min(this.failures, DELAYS.length - 1)] ?? 30
    this.failures += 1
    if (failed.kind === 'signed_out') return this.until({ why: 'signed_out' }, onSignedIn)
    if (failed.isUnanswered && !navigator.onLine) return this.until({ why: 'offline' }, onOnline)
    const asked = failed.retryAt ? Math.ceil((failed.retryAt - Date.now()) / 1000) : 0
    const seconds = Math.max(step, asked)
    // Who comes back to a network need not sit out the rest.
    const ended = new Promise<void>((resolve) => {
      const forget = onOnline(done), timer = setTimeout(done, seconds * 1000)
      function done(): void { forget(); clearTimeout(timer); resolve() }
      this.signal.addEventListener('abort', done, { once: true })
    })
    this.listener.paused(failed.kind === 'busy' ? { why: 'crowded' } : { why: 'weak', seconds })
    await ended
    this.signal.throwIfAborted()
  }

  private async until(pause: Pause, on: (done: () => void) => () => void): Promise<void> {
    this.listener.paused(pause)
    await new Promise<void>((resolve) => {
      const forget = on(done)
      this.signal.addEventListener('abort', done, { once: true })
      function done(): void { forget(); resolve() }
    })
    this.signal.throwIfAborted()
  }
}

function onOnline(done: () => void): () => void {
  addEventListener('online', done)
  return () => removeEventListener('online', done)
}
