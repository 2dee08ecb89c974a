import { effectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { closeStream, onChange, openStream, streamDown } from '.'

class FakeSource {
  static readonly CLOSED = 2
  static all: FakeSource[] = []
  readyState = 1
  onopen: (() => void) | null = null
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

  it('tells a burst that never ends after a while all the same', () => {
    const listener = vi.fn()
    const scope = effectScope()
    scope.run(() => onChange('tasks', listener, 1000))
    openStream('workbench')
    for (let at = 0; at < 50; at += 1) {
      FakeSource.all[0]?.listeners.get('tasks')?.({ data: JSON.stringify({ kind: 'claimed', case_id: `case_${at}` }) })
      vi.advanceTimersByTime(500)
    }
    expect(listener).toHaveBeenCalledTimes(2)
    scope.stop()
  })

  it('leaves out what does not concern the listener, so that the case it waits for keeps its name', () => {
    const listener = vi.fn()
    const scope = effectScope()
    scope.run(() => onChange('cases', listener, 300, (event) => !event.case_id || event.case_id === 'case_1'))
    openStream('workbench')
    const send = (id: string) => FakeSource.all[0]?.listeners.get('cases')?.({ data: JSON.stringify({ kind: 'accepted', case_id: id }) })
    send('case_2')
    send('case_1')
    send('case_3')
    vi.advanceTimersByTime(300)
    expect(listener.mock.calls).toEqual([[{ kind: 'accepted', case_id: 'case_1' }]])
    scope.stop()
  })

  it('looks every minute while there is no stream, says so, and once more when there is one again', () => {
    const listener = vi.fn()
    const scope = effectScope()
    scope.run(() => onChange('tasks', listener))
    openStream('workbench')
    const refused = FakeSource.all[0]
    refused?.close()
    refused?.onerror?.()
    vi.advanceTimersByTime(15_000)
    expect([listener.mock.calls.length, streamDown.value]).toEqual([0, false])
    FakeSource.all[1]?.close()
    FakeSource.all[1]?.onerror?.()
    vi.advanceTimersByTime(46_000)
    expect([listener.mock.calls, streamDown.value]).toEqual([[[{ kind: 'stream.missed' }]], true])
    FakeSource.all.at(-1)?.onopen?.()
    vi.advanceTimersByTime(300)
    expect([listener.mock.calls.length, streamDown.value]).toEqual([2, false])
    vi.advanceTimersByTime(120_000)
    expect(listener).toHaveBeenCalledTimes(2)
    scope.stop()
  })

  it('leaves the minute\'s look out once the browser is connected again', () => {
    const listener = vi.fn()
    const scope = effectScope()
    scope.run(() => onChange('tasks', listener))
    openStream('workbench')
    FakeSource.all[0]?.onerror?.()
    vi.advanceTimersByTime(5000)
    FakeSource.all[0]?.onopen?.()
    vi.advanceTimersByTime(120_000)
    expect(listener).not.toHaveBeenCalled()
    scope.stop()
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
