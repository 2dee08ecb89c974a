import { onScopeDispose } from 'vue'
import { apiUrl, type StreamEvent, type Surface } from '@/shared/api'

export type Topic = 'cases' | 'tasks' | 'messages'
type Listener = (event: StreamEvent) => void

const TOPICS: Topic[] = ['cases', 'tasks', 'messages']
const listeners: Record<Topic, Set<Listener>> = { cases: new Set(), tasks: new Set(), messages: new Set() }
const RETRY_MS = 15_000
let source: EventSource | undefined
let retry: ReturnType<typeof setTimeout> | undefined

/**
 * Opens the stream of changes. The browser reconnects by itself with `Last-Event-ID`; where it gives
 * up, as when the server answers with an error while it restarts, we ask again a little later.
 */
export function openStream(surface: Surface): void {
  if (source || typeof EventSource === 'undefined') return
  const opened = (source = new EventSource(apiUrl('/stream', { surface }), { withCredentials: true }))
  opened.onerror = () => {
    if (opened !== source || opened.readyState !== EventSource.CLOSED) return
    source = undefined
    retry = setTimeout(() => openStream(surface), RETRY_MS)
  }
  for (const topic of TOPICS) {
    source.addEventListener(topic, (message) => deliver(topic, (message as MessageEvent<string>).data))
  }
}

export function closeStream(): void {
  clearTimeout(retry)
  source?.close()
  source = undefined
}

/**
 * Calls back on changes of one topic while the component lives. A burst is told once; when it is
 * about several cases, the event names none, so that everybody looks.
 */
export function onChange(topic: Topic, listener: Listener, waitMs = 300): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let told: StreamEvent | undefined
  const soon: Listener = (event) => {
    clearTimeout(timer)
    const pending = (told = told && told.case_id !== event.case_id ? { kind: event.kind } : event)
    timer = setTimeout(() => {
      told = undefined
      listener(pending)
    }, waitMs)
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
