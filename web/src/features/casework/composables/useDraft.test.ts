import { effectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { api, ApiProblem, type CaseDraft } from '@/shared/api'
import { useDraft } from './useDraft'

const words = (zh: string) => ({ zh, en: '' })
const draftAt = (version: number, data: CaseDraft['data'] = {}): CaseDraft => ({
  case_id: 'case_1', version, state: 'DRAFT', item: 'JY-009', edition: 1, name: words('失业登记'), data, materials: [], declaration: words(''), saved_at: '2026-11-23T02:00:00Z',
  prefill: { values: { reason: 'ended' }, sources: [] },
  form: { format: 1, schema: { type: 'object', properties: { reason: { type: 'string' }, wish: { type: 'string' } } }, layout: [{ section: words(''), fields: ['reason', 'wish'] }], fields: { reason: { label: words('原因'), widget: 'text' }, wish: { label: words('想找'), widget: 'text' } } }
})

const stale = new ApiProblem('conflict', { code: 'E1010', status: 409 })

let scope = effectScope()
async function open() {
  vi.spyOn(api, 'get').mockResolvedValue(draftAt(3))
  scope = effectScope()
  const draft = scope.run(() => useDraft('case_1'))
  await vi.advanceTimersByTimeAsync(0)
  if (!draft) throw new Error('no scope')
  return draft
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

describe('a draft', () => {
  it('starts with what registers know and is not dirty', async () => {
    const draft = await open()
    expect(draft.data.reason).toBe('ended')
    expect(draft.dirty.value).toBe(false)
  })

  it('saves by itself a moment after the last key, with the version it has', async () => {
    const draft = await open()
    const put = vi.spyOn(api, 'put').mockResolvedValue({ version: 4 })
    vi.spyOn(api, 'get').mockResolvedValue(draftAt(4))
    draft.data.wish = '仓'
    await vi.advanceTimersByTimeAsync(1000)
    draft.data.wish = '仓库'
    await vi.advanceTimersByTimeAsync(1000)
    expect(put).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(600)
    expect(put).toHaveBeenCalledOnce()
    expect(put.mock.calls[0]?.slice(0, 2)).toEqual(['/cases/case_1/form', { data: { reason: 'ended', wish: '仓库' } }])
    expect(put.mock.calls[0]?.[2]).toMatchObject({ version: 3 })
    expect(draft.version.value).toBe(4)
    expect(draft.dirty.value).toBe(false)
  })

  it('keeps what is typed when saving fails, and says so', async () => {
    const draft = await open()
    vi.spyOn(api, 'put').mockRejectedValue(new ApiProblem('offline'))
    draft.data.wish = '仓库'
    expect(await draft.save()).toBe(false)
    expect(draft.saveProblem.value?.kind).toBe('offline')
    expect(draft.data.wish).toBe('仓库')
    expect(draft.dirty.value).toBe(true)
  })

  it('takes over what a colleague saved meanwhile and saves what is typed beside it', async () => {
    const draft = await open()
    const put = vi.spyOn(api, 'put').mockRejectedValueOnce(stale).mockResolvedValue({ version: 10 })
    vi.spyOn(api, 'get').mockResolvedValueOnce(draftAt(9, { reason: 'moved' })).mockResolvedValue(draftAt(10, { reason: 'moved', wish: '仓库' }))
    draft.data.wish = '仓库'
    expect(await draft.save()).toBe(true)
    expect(put.mock.calls[1]?.slice(1)).toEqual([{ data: { reason: 'moved', wish: '仓库' } }, expect.objectContaining({ version: 9 })])
    expect([draft.data.reason, draft.taken.value, draft.dirty.value]).toEqual(['moved', true, false])
  })

  it('takes over fields that a colleague saved between its own write and the reading after it', async () => {
    const draft = await open()
    const put = vi.spyOn(api, 'put').mockResolvedValue({ version: 4 })
    vi.spyOn(api, 'get').mockResolvedValueOnce(draftAt(5, { reason: 'moved', wish: '仓库' })).mockResolvedValue(draftAt(6, { reason: 'moved', wish: '仓库管理' }))
    draft.data.wish = '仓库'
    await draft.save()
    draft.data.wish = '仓库管理'
    await draft.save()
    expect(put.mock.calls[1]?.[1]).toEqual({ data: { reason: 'moved', wish: '仓库管理' } })
  })

  it.each([['mine', '仓库'], ['theirs', '别处']])('asks where both typed differently, and saves what was chosen: %s', async (choice, kept) => {
    const draft = await open()
    const put = vi.spyOn(api, 'put').mockRejectedValueOnce(stale).mockResolvedValue({ version: 10 })
    vi.spyOn(api, 'get').mockResolvedValue(draftAt(9, { wish: '别处' }))
    draft.data.wish = '仓库'
    expect(await draft.save()).toBe(false)
    expect(put).toHaveBeenCalledOnce()
    expect(draft.clashes.value).toEqual([{ field: 'wish', mine: '仓库', theirs: '别处' }])
    vi.spyOn(api, 'get').mockResolvedValue(draftAt(10, { wish: kept }))
    expect(await draft.settle(() => choice === 'mine')).toBe(true)
    expect(put.mock.calls[1]?.slice(1)).toEqual([{ data: { reason: 'ended', wish: kept } }, expect.objectContaining({ version: 9 })])
    expect([draft.data.wish, draft.clashes.value]).toEqual([kept, []])
  })

  it('finds no colleague in its own write whose answer was lost', async () => {
    const draft = await open()
    vi.spyOn(api, 'put').mockImplementationOnce(async () => {
      draft.data.wish = '仓库管理'
      throw new ApiProblem('timeout')
    })
    vi.spyOn(api, 'get').mockResolvedValue(draftAt(4, { wish: '仓库' }))
    draft.data.wish = '仓库'
    expect(await draft.save()).toBe(false)
    expect([draft.data.wish, draft.clashes.value, draft.version.value]).toEqual(['仓库管理', [], 4])
  })

  it('is not safe while a write is under way: one who leaves is warned, and a save waits for it', async () => {
    const draft = await open()
    let answer: (acted: { version: number }) => void = () => undefined
    vi.spyOn(api, 'put').mockReturnValue(new Promise((resolve) => { answer = resolve }))
    vi.spyOn(api, 'get').mockResolvedValue(draftAt(4))
    draft.data.wish = '仓库'
    await vi.advanceTimersByTimeAsync(1600)
    const leaving = new Event('beforeunload', { cancelable: true })
    dispatchEvent(leaving)
    expect([draft.dirty.value, leaving.defaultPrevented]).toEqual([true, true])
    const saved = vi.fn()
    void draft.save().then(saved)
    await vi.advanceTimersByTimeAsync(100)
    expect(saved).not.toHaveBeenCalled()
    answer({ version: 4 })
    await vi.advanceTimersByTimeAsync(0)
    expect(saved).toHaveBeenCalledWith(true)
    const after = new Event('beforeunload', { cancelable: true })
    dispatchEvent(after)
    expect(after.defaultPrevented).toBe(false)
  })

  it('says that it is not safe when the write it waited for fails', async () => {
    const draft = await open()
    let fail: (cause: unknown) => void = () => undefined
    vi.spyOn(api, 'put').mockReturnValueOnce(new Promise((_, reject) => { fail = reject })).mockRejectedValue(new ApiProblem('offline'))
    draft.data.wish = '仓库'
    await vi.advanceTimersByTimeAsync(1600)
    const saved = draft.save()
    fail(new ApiProblem('offline'))
    expect(await saved).toBe(false)
    expect([draft.dirty.value, draft.saveProblem.value?.kind]).toEqual([true, 'offline'])
  })

  it('saves what is typed while a write is under way with the next one', async () => {
    const draft = await open()
    const put = vi.spyOn(api, 'put').mockImplementationOnce(async () => {
      draft.data.wish = '仓库管理'
      return { version: 4 }
    }).mockResolvedValue({ version: 5 })
    vi.spyOn(api, 'get').mockResolvedValueOnce(draftAt(4, { wish: '仓库' })).mockResolvedValue(draftAt(5, { wish: '仓库管理' }))
    draft.data.wish = '仓库'
    expect(await draft.save()).toBe(true)
    expect(put.mock.calls.map((call) => (call[1] as { data: { wish: string } }).data.wish)).toEqual(['仓库', '仓库管理'])
    expect(draft.dirty.value).toBe(false)
  })

  it('sends writes one after another, each with the version of the one before', async () => {
    const draft = await open()
    const versions: number[] = []
    const write = (next: number) => draft.write(async (version) => {
      versions.push(version)
      await new Promise((resolve) => setTimeout(resolve, 10))
      draft.version.value = next
    })
    const both = Promise.all([write(4), write(5)])
    await vi.advanceTimersByTimeAsync(30)
    await both
    expect(versions).toEqual([3, 4])
  })
})
