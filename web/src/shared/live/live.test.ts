import { effectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { closeStream, onChange, openStream } from '.'

class FakeSource {
  static readonly CLOSED = 2
  static all: FakeSource[] = []
  readyState = 1
  onerror: (() => void) | null = null
  readonly listeners = new Map<string, (message: { data: string }) => void>()
  constructor(readonly url: string) { FakeSource.all.push(this) }
  addEventListener(topic: string, listener: (message: { data: string }) => void): void { this.listeners.set(topic, listener) }
  close(): void { this.readyState = 2 }
}

beforeEach(() => {
  FakeSource.all = []
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', FakeSource)
})
afterEach(() => {
  closeStream()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the stream of changes', () => {
  it('tells a burst of changes once, naming a case only when it is about that one, and nobody after the component is gone', () => {
    const listener = vi.fn()
    const scope = effectScope()
    scope.run(() => onChange('cases', listener))
    openStream('portal')
    const send = (id: string) => FakeSource.all[0]?.listeners.get('cases')?.({ data: JSON.stringify({ kind: 'accepted', case_id: id }) })
    send('case_1')
    send('case_2')
    vi.advanceTimersByTime(300)
    expect(listener).toHaveBeenCalledOnce()
    expect(listener).toHaveBeenLastCalledWith({ kind: 'accepted' })
    send('case_2')
    send('case_2')
    vi.advanceTimersByTime(300)
    expect(listener).toHaveBeenLastCalledWith({ kind: 'accepted', case_id: 'case_2' })
    scope.stop()
    send('case_3')
    vi.advanceTimersByTime(300)
    expect(listener).toHaveBeenCalledTimes(2)
  })

  it('opens one stream only, and a new one after the browser gave up', () => {
    openStream('portal')
    openStream('portal')
    expect(FakeSource.all).toHaveLength(1)
    const first = FakeSource.all[0]
    first?.onerror?.()
    vi.advanceTimersByTime(60_000)
    expect(FakeSource.all).toHaveLength(1)
    first?.close()
    first?.onerror?.()
    vi.advanceTimersByTime(15_000)
    expect(FakeSource.all).toHaveLength(2)
  })
})
