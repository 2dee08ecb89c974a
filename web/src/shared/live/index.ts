import { onScopeDispose, readonly, ref } from 'vue'
import { apiUrl, type StreamEvent, type Surface } from '@/shared/api'

export type Topic = 'cases' | 'tasks' | 'messages'
type Listener = (event: StreamEvent) => void

const TOPICS: Topic[] = ['cases', 'tasks', 'messages']
const listeners: Record<Topic, Set<Listener>> = { cases: new Set(), tasks: new Set(), messages: new Set() }
const RETRY_MS = 15_000
const POLL_MS = 60_000
/** At a busy hour there is never a quiet moment: after so many waits a burst is told although it goes on. */
const WAITS_MAX = 10
const down = ref(false)
let source: EventSource | undefined
let retry: ReturnType<typeof setTimeout> | undefined
let poll: ReturnType<typeof setInterval> | undefined

/** There is no stream for longer than a moment: pages look by themselves every minute. */
export const streamDown = readonly(down)

/**
 * Opens the stream of changes. The browser reconnects by itself with `Last-Event-ID`; where it gives
 * up, as when the server answers with an error while it restarts, we ask again a little later. As
 * long as there is no stream, everybody looks once a minute.
 */
export function openStream(surface: Surface): void {
  if (!source) connect(surface, false)
}

function connect(surface: Surface, again: boolean): void {
  if (typeof EventSource === 'undefined') return startPolling()
  const opened = (source = new EventSource(apiUrl('/stream', { surface }), { withCredentials: true }))
  opened.onopen = () => {
    if (opened !== source) return
    stopPolling()
    // A new stream begins now: what happened since the old one went is not told by it.
    if (again) lookAgain()
    again = false
  }
  opened.onerror = () => {
    if (opened !== source) return
    startPolling()
    if (opened.readyState !== EventSource.CLOSED) return
    source = undefined
    retry = setTimeout(() => connect(surface, true), RETRY_MS)
  }
  for (const topic of TOPICS) {
    opened.addEventListener(topic, (message) => deliver(topic, (message as MessageEvent<string>).data))
  }
}

export function closeStream(): void {
  clearTimeout(retry)
  stopPolling()
  source?.close()
  source = undefined
}

function startPolling(): void {
  poll ??= setInterval(() => {
    down.value = true
    if (!document.hidden) lookAgain()
  }, POLL_MS)
}

function stopPolling(): void {
  clearInterval(poll)
  poll = undefined
  down.value = false
}

function lookAgain(): void {
  for (const topic of TOPICS) listeners[topic].forEach((listener) => listener({ kind: 'stream.missed' }))
}

/**
 * Calls back on changes of one topic while the component lives. A burst is told once; when it is
 * about several cases, the event names none, so that everybody looks. What does not concern the
 * listener is left out before.
 */
export function onChange(topic: Topic, listener: Listener, waitMs = 300, concerns: (event: StreamEvent) => boolean = () => true): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let told: StreamEvent | undefined
  let since = 0
  const soon: Listener = (event) => {
    if (!concerns(event)) return
    clearTimeout(timer)
    if (!told) since = Date.now()
    const pending = (told = told && told.case_id !== event.case_id ? { kind: event.kind } : event)
    timer = setTimeout(() => {
      told = undefined
      listener(pending)
    }, Math.min(waitMs, since + WAITS_MAX * waitMs - Date.now()))
  }
  listeners[topic].add(soon)
  onScopeDispose(() => {
    clearTimeout(timer)
    listeners[topic].delete(soon)
  })
}

function deliver(topic: Topic, text: string): void {
  let event: StreamEvent
  try {
    event = JSON.parse(text) as StreamEvent
  } catch {
    event = { kind: topic }
  }
  listeners[topic].forEach((listener) => listener(event))
}
