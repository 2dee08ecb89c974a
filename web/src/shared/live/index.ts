import { onScopeDispose } from 'vue'
import { apiUrl, type StreamEvent, type Surface } from '@/shared/api'

export type Topic = 'cases' | 'tasks' | 'messages'
type Listener = (event: StreamEvent) => void

const TOPICS: Topic[] = ['cases', 'tasks', 'messages']
const listeners: Record<Topic, Set<Listener>> = { cases: new Set(), tasks: new Set(), messages: new Set() }
let source: EventSource | undefined

/** Opens the stream of changes; the browser reconnects by itself with `Last-Event-ID`. */
export function openStream(surface: Surface): void {
  if (source || typeof EventSource === 'undefined') return
  source = new EventSource(apiUrl('/stream', { surface }), { withCredentials: true })
  for (const topic of TOPICS) {
    source.addEventListener(topic, (message) => deliver(topic, (message as MessageEvent<string>).data))
  }
}

export function closeStream(): void {
  source?.close()
  source = undefined
}

/** Calls back on changes of one topic while the component lives; bursts are told once. */
export function onChange(topic: Topic, listener: Listener, waitMs = 300): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const soon: Listener = (event) => {
    clearTimeout(timer)
    timer = setTimeout(() => listener(event), waitMs)
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
