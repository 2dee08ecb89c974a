import { effectScope } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import { ApiProblem } from './problem'
import { tellSignedIn } from './client'
import { useAction, useLoaded } from './use'

describe('an action of the user', () => {
  it('keeps its key while no answer came, and takes a new one after any answer', async () => {
    const keys: string[] = []
    const fails: (ApiProblem | null)[] = [new ApiProblem('offline'), new ApiProblem('timeout'), null, new ApiProblem('refused'), null]
    const action = useAction(async (key: string) => {
      keys.push(key)
      const fail = fails.shift()
      if (fail) throw fail
    })
    for (let at = 0; at < 5; at += 1) await action.run()
    expect(new Set(keys.slice(0, 3)).size).toBe(1)
    expect(new Set(keys).size).toBe(3)
  })

  it('is sent once, however often it is pressed', async () => {
    let finish = () => {}
    const act = vi.fn(() => new Promise<void>((resolve) => { finish = resolve }))
    const action = useAction(act)
    const first = action.run()
    await action.run()
    expect(action.busy.value).toBe(true)
    finish()
    await first
    expect(act).toHaveBeenCalledOnce()
    expect(action.busy.value).toBe(false)
  })

  it('shows what went wrong until it is tried again', async () => {
    const action = useAction(async () => { throw new ApiProblem('busy') })
    await action.run()
    expect(action.problem.value?.kind).toBe('busy')
  })
})

describe('something loaded', () => {
  it('never replaces a newer answer with an older one', async () => {
    const finish: ((value: string) => void)[] = []
    const scope = effectScope()
    const loaded = scope.run(() => useLoaded(() => new Promise<string>((resolve) => finish.push(resolve))))
    const again = loaded?.reload()
    finish[1]?.('new')
    await again
    finish[0]?.('old')
    await Promise.resolve()
    expect(loaded?.data.value).toBe('new')
    scope.stop()
  })

  it('keeps what is shown when loading again fails', async () => {
    let fail = false
    const scope = effectScope()
    const loaded = scope.run(() => useLoaded(async () => {
      if (fail) throw new ApiProblem('offline')
      return 1
    }))
    await vi.waitFor(() => expect(loaded?.data.value).toBe(1))
    fail = true
    await loaded?.reload()
    expect(loaded?.data.value).toBe(1)
    expect(loaded?.problem.value?.kind).toBe('offline')
    scope.stop()
  })
})

describe('after signing in again', () => {
  it('loads again what the end of the session refused, and forgets the refusal of an action', async () => {
    const load = vi.fn().mockRejectedValueOnce(new ApiProblem('signed_out')).mockResolvedValue('rows')
    const scope = effectScope()
    const loaded = scope.run(() => useLoaded(load))
    const action = scope.run(() => useAction(async () => { throw new ApiProblem('signed_out') }))
    await action?.run()
    expect([loaded?.problem.value?.kind, action?.problem.value?.kind]).toEqual(['signed_out', 'signed_out'])
    tellSignedIn()
    await vi.waitFor(() => expect(loaded?.data.value).toBe('rows'))
    expect(action?.problem.value).toBeUndefined()
    scope.stop()
    tellSignedIn()
    expect(load).toHaveBeenCalledTimes(2)
  })
})
