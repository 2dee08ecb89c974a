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

  it('takes the newest version after a conflict and saves what is typed on top of it', async () => {
    const draft = await open()
    const put = vi.spyOn(api, 'put').mockRejectedValueOnce(new ApiProblem('conflict')).mockResolvedValue({ version: 10 })
    vi.spyOn(api, 'get').mockResolvedValue(draftAt(9, { wish: '别处' }))
    draft.data.wish = '仓库'
    expect(await draft.save()).toBe(true)
    expect(put.mock.calls[1]?.[2]).toMatchObject({ version: 9 })
    expect(draft.data.wish).toBe('仓库')
    expect(draft.taken.value).toBe(true)
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
