import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { ApiProblem, tellSignedIn, type StaffCase } from '@/shared/api'
import { actNamed } from '../acts'
import * as live from '@/shared/live'
import * as api from '../staff.api'
import { useStaffCase } from './useStaffCase'

const shown = (version: number, next = ['review']) => ({ case_id: 'case_1', version, next }) as StaffCase
const review = actNamed('review')!

beforeEach(() => {
  vi.restoreAllMocks()
  vi.spyOn(api, 'findStaffCase').mockResolvedValue(shown(4))
})

async function open() {
  const state = effectScope().run(() => useStaffCase('case_1'))!
  await flushPromises()
  return state
}

describe('a case on the staff page', () => {
  it('acts on the version that is shown and reads the case again', async () => {
    const act = vi.spyOn(api, 'doAct').mockResolvedValue({ case_id: 'case_1', version: 5, state: 'DECIDING' })
    const state = await open()
    vi.spyOn(api, 'findStaffCase').mockResolvedValue(shown(5, []))
    expect(await state.run(review, { opinion: '符合' })).toBe(true)
    expect(act.mock.calls[0]?.slice(0, 4)).toEqual(['case_1', 'review', { opinion: '符合' }, 4])
    expect(state.data.value?.version).toBe(5)
    expect(state.acts.value).toEqual([])
  })

  it('keeps the refusal of a stale version until the newest is loaded', async () => {
    vi.spyOn(api, 'doAct').mockRejectedValue(new ApiProblem('conflict', { code: 'E1010', status: 409 }))
    const state = await open()
    expect(await state.run(review)).toBe(false)
    expect(state.isStale.value).toBe(true)
    vi.spyOn(api, 'findStaffCase').mockResolvedValue(shown(6))
    await state.refresh()
    expect([state.isStale.value, state.data.value?.version]).toEqual([false, 6])
  })

  it('sends the same key again after the network failed, and a new one for other content', async () => {
    const act = vi.spyOn(api, 'doAct').mockRejectedValue(new ApiProblem('offline'))
    const state = await open()
    await state.run(review, { opinion: '甲' })
    await state.run(review, { opinion: '甲' })
    await state.run(review, { opinion: '乙' })
    const keys = act.mock.calls.map((call) => call[4])
    expect(keys[0]).toBe(keys[1])
    expect(keys[2]).not.toBe(keys[1])
  })

  it('tells of news where somebody may type, and takes it in where nobody can', async () => {
    let tell: (event: { kind: string; case_id?: string }) => void = () => undefined
    vi.spyOn(live, 'onChange').mockImplementation((_topic, listener) => { tell = listener as typeof tell })
    const state = await open()
    vi.spyOn(api, 'findStaffCase').mockResolvedValue(shown(7, []))
    tell({ kind: 'case.changed', case_id: 'case_1' })
    await flushPromises()
    expect([state.hasNews.value, state.data.value?.version]).toEqual([true, 4])
    await state.load()
    vi.spyOn(api, 'findStaffCase').mockResolvedValue(shown(8, []))
    tell({ kind: 'case.changed', case_id: 'case_1' })
    await flushPromises()
    expect([state.hasNews.value, state.data.value?.version]).toEqual([false, 8])
  })

  it('looks when a burst about several cases, or what the stream has missed, names none', async () => {
    let concerns: (event: { kind: string; case_id?: string }) => boolean = () => false
    vi.spyOn(live, 'onChange').mockImplementation((_topic, _listener, _wait, filter) => { concerns = filter ?? concerns })
    await open()
    expect(['case_1', undefined, 'case_2'].map((id) => concerns({ kind: 'stream.missed', case_id: id }))).toEqual([true, true, false])
  })

  it('forgets the refusal of a session that ended when somebody has signed in again', async () => {
    vi.spyOn(api, 'doAct').mockRejectedValue(new ApiProblem('signed_out', { status: 401 }))
    const state = await open()
    await state.run(review)
    expect(state.actProblem.value?.kind).toBe('signed_out')
    tellSignedIn()
    expect(state.actProblem.value).toBeUndefined()
  })

  it('keeps quiet about its own act', async () => {
    let tell: (event: { kind: string; case_id?: string }) => void = () => undefined
    vi.spyOn(live, 'onChange').mockImplementation((_topic, listener) => { tell = listener as typeof tell })
    const state = await open()
    tell({ kind: 'case.changed', case_id: 'case_1' })
    await flushPromises()
    expect(state.hasNews.value).toBe(false)
  })

  it('uses a new key after the server refused', async () => {
    const act = vi.spyOn(api, 'doAct').mockRejectedValue(new ApiProblem('refused', { code: 'E1002', status: 422 }))
    const state = await open()
    await state.run(review)
    await state.run(review)
    expect(act.mock.calls[0]?.[4]).not.toBe(act.mock.calls[1]?.[4])
  })
})
