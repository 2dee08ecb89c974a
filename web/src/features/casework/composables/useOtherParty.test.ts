import { effectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { api, ApiProblem, type OtherPartyCase } from '@/shared/api'
import { useOtherParty } from './useOtherParty'

const shown = (state: string, can: string[]) => ({ case_id: 'case_1', state, can, evidence: { id: 'evidence', files: [] } }) as unknown as OtherPartyCase

let scope = effectScope()
async function open() {
  scope = effectScope()
  const page = scope.run(() => useOtherParty('case_1'))
  if (!page) throw new Error('no scope')
  await vi.waitFor(() => expect(page.view.value).toBeDefined())
  return page
}

beforeEach(() => { vi.spyOn(api, 'get').mockResolvedValue(shown('answering', ['answer'])) })
afterEach(() => scope.stop())

describe('the other party of a case', () => {
  it('says whether it agrees before anything is sent, and why where it does not', async () => {
    const post = vi.spyOn(api, 'post').mockResolvedValue({})
    const page = await open()
    await page.send()
    expect(page.faults.value.agrees).toBeTruthy()
    page.agrees.value = 'no'
    page.text.value = '  '
    await page.send()
    expect(page.faults.value.text).toBeTruthy()
    expect(post).not.toHaveBeenCalled()
    page.text.value = ' 当天没有上班 '
    await page.send()
    expect(post.mock.calls[0]?.slice(0, 2)).toEqual(['/cases/case_1/other-party/answer', { agrees: false, text: '当天没有上班', electronic_service: true }])
  })

  it('needs no words where it agrees', async () => {
    const post = vi.spyOn(api, 'post').mockResolvedValue({})
    const page = await open()
    page.agrees.value = 'yes'
    await page.send()
    expect(post).toHaveBeenCalledOnce()
  })

  it('keeps what was written when the answer is refused', async () => {
    vi.spyOn(api, 'post').mockRejectedValue(new ApiProblem('conflict', { code: 'E1242' }))
    const page = await open()
    page.agrees.value = 'no'
    page.text.value = '当天没有上班'
    await page.send()
    expect(page.answer.problem.value?.code).toBe('E1242')
    expect(page.text.value).toBe('当天没有上班')
  })

  it('uploads evidence below its own part of the case, without a version', async () => {
    const file = vi.spyOn(api, 'file').mockResolvedValue({ material_id: 'm', version: 9 })
    const page = await open()
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0])
    await page.evidence.send([new File([png], '考勤.png', { type: 'image/png' }), new File(['x'], '说明.doc')])
    expect(file).toHaveBeenCalledOnce()
    expect(file.mock.calls[0]?.[0]).toBe('/cases/case_1/other-party/files')
    expect(file.mock.calls[0]?.[2]).toEqual({ query: { material: 'evidence' } })
    expect(page.evidence.fault.value).toContain('说明.doc')
  })
})
