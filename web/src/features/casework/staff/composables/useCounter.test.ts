import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiProblem, type ItemRow } from '@/shared/api'
import * as api from '../staff.api'
import { useCounter } from './useCounter'

const item = (code: string, applicants: ItemRow['applicants']) => ({ code, applicants }) as ItemRow
const identified = () => {
  const counter = useCounter()
  counter.choose(item('SB-084', ['person']))
  Object.assign(counter.party.value, { name: '王芳', number: '11010519491231002X' })
  return counter
}

beforeEach(() => {
  vi.restoreAllMocks()
  vi.spyOn(api, 'startCounterCase').mockResolvedValue({ case_id: 'case_1', version: 1, state: 'DRAFT' })
  vi.spyOn(api, 'dropDraft').mockResolvedValue(undefined)
})

describe('one person at the window', () => {
  it('opens the case when the person is identified', async () => {
    const counter = identified()
    await counter.identify()
    expect(counter.step.value).toBe('fill')
    expect(counter.draft.value).toBe('case_1')
  })

  it('stays with the person while the register does not know him', async () => {
    vi.spyOn(api, 'startCounterCase').mockRejectedValue(new ApiProblem('refused', { code: 'E1113', title: '姓名与身份证号不一致' }))
    const counter = identified()
    await counter.identify()
    expect([counter.step.value, counter.begin.problem.value?.code, counter.party.value.name]).toEqual(['party', 'E1113', '王芳'])
  })

  it('asks nothing of the server while something is missing', async () => {
    const counter = useCounter()
    counter.choose(item('SB-084', ['person']))
    await counter.identify()
    expect(api.startCounterCase).not.toHaveBeenCalled()
    expect(counter.faults.value.name).toBe('请填写姓名')
  })

  it('asks for the enterprise where the item is for enterprises', () => {
    const counter = useCounter()
    counter.choose(item('LD-001', ['enterprise']))
    expect(counter.party.value).toMatchObject({ kind: 'enterprise', agentOn: true })
  })

  it('goes on with a draft that was begun before', async () => {
    const found = { case_id: 'case_1', state: 'DRAFT', item: 'SB-084', name: { zh: '失业保险金申领', en: '' }, applicant: { kind: 'person', name_masked: '王*', number_masked: '110105********002X' } }
    vi.spyOn(api, 'findStaffCase').mockResolvedValue(found as never)
    const counter = useCounter()
    await counter.resume('case_1')
    expect([counter.step.value, counter.draft.value, counter.item.value?.code, counter.party.value.name]).toEqual(['fill', 'case_1', 'SB-084', '王*'])
    expect(api.startCounterCase).not.toHaveBeenCalled()
  })

  it('begins anew where the draft of the address is gone or received', async () => {
    const counter = useCounter()
    vi.spyOn(api, 'findStaffCase').mockRejectedValueOnce(new ApiProblem('refused', { code: 'E1012' }))
    await counter.resume('case_1')
    vi.spyOn(api, 'findStaffCase').mockResolvedValueOnce({ case_id: 'case_1', state: 'RECEIVED' } as never)
    await counter.resume('case_1')
    expect([counter.step.value, counter.draft.value]).toEqual(['item', undefined])
  })

  it('gives up the draft when another person or item is chosen', async () => {
    const counter = identified()
    await counter.identify()
    await counter.goBack('party')
    expect(api.dropDraft).toHaveBeenCalledWith('case_1')
    expect([counter.step.value, counter.draft.value]).toEqual(['party', undefined])
  })

  it('goes back past the papers where none are collected', async () => {
    const counter = identified()
    await counter.identify()
    counter.step.value = 'read'
    counter.paperless.value = true
    await counter.goBack('papers')
    expect(counter.step.value).toBe('read')
    await counter.goBack('fill')
    expect(counter.step.value).toBe('fill')
    await counter.reset()
    expect(counter.paperless.value).toBe(false)
  })

  it('keeps what is typed when the draft cannot be given up, since nobody would find it again', async () => {
    const counter = identified()
    await counter.identify()
    for (const problem of [new ApiProblem('signed_out'), new ApiProblem('offline')]) {
      vi.spyOn(api, 'dropDraft').mockRejectedValueOnce(problem)
      expect(await counter.reset()).toBe(false)
      expect([counter.step.value, counter.draft.value, counter.party.value.name]).toEqual(['fill', 'case_1', '王芳'])
    }
    vi.spyOn(api, 'dropDraft').mockRejectedValueOnce(new ApiProblem('missing'))
    expect(await counter.reset()).toBe(true)
    expect(counter.draft.value).toBeUndefined()
  })

  it('keeps nothing of the last person for the next one, and keeps the received case', async () => {
    const counter = identified()
    await counter.identify()
    counter.finish('case_1')
    await counter.next()
    expect(api.dropDraft).not.toHaveBeenCalled()
    expect(counter.party.value.number).toBe('')
    expect([counter.step.value, counter.received.value, counter.item.value]).toEqual(['item', undefined, undefined])
  })
})
