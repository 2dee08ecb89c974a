import { effectScope } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { api, ApiProblem, type CaseDraft, type CaseFile, type ComingFile, type MaterialSlot } from '@/shared/api'
import { useDraft } from './useDraft'
import { percentOf, progressOf, useUploads, type Running } from './useUploads'

const words = { zh: '', en: '' }
const draftAt = (version: number, files: string[], files_max = 20): CaseDraft => ({
  case_id: 'case_1', version, state: 'DRAFT', item: 'JY-009', edition: 1, name: words, data: {}, declaration: words, saved_at: '2026-11-23T02:00:00Z',
  prefill: { values: {}, sources: [] }, form: { format: 1, schema: { type: 'object', properties: {} }, layout: [], fields: {} },
  materials: [{ id: 'proof', files: files.map((name) => ({ material_id: `m-${name}`, name })), files_max }] as unknown as CaseDraft['materials']
})
const upload = (id: string, offset = 0): ComingFile => ({ upload_id: id, material: 'proof', name: '证明.png', bytes: 100, offset, part_bytes_max: 1_048_576, expires_at: '2026-11-24T02:00:00Z' })
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1])
const scan = (name = '证明.png') => new File([PNG], name, { type: 'image/png', lastModified: 1 })

let scope = effectScope()
let shown = draftAt(3, [])
let coming: ComingFile[] = []
async function open(first = draftAt(3, [])) {
  shown = first
  coming = []
  vi.spyOn(api, 'get').mockImplementation(async (path) => (path.endsWith('/uploads') ? { rows: coming } : shown) as never)
  const part = vi.spyOn(api, 'part').mockImplementation(async (_path, offset, content) => offset + content.size)
  const post = vi.spyOn(api, 'post').mockImplementation(async (path) => (path.endsWith('/finish') ? { material_id: 'm', version: 4 } : upload('upload_1')) as never)
  scope = effectScope()
  const state = scope.run(() => {
    const draft = useDraft('case_1')
    return { draft, uploads: useUploads('case_1', draft) }
  })
  if (!state) throw new Error('no scope')
  await vi.waitFor(() => expect(state.draft.version.value).toBe(first.version))
  const finished = () => post.mock.calls.filter(([path]) => path.endsWith('/finish'))
  return { ...state, part, post, finished, slot: () => state.draft.draft.value?.materials[0] as MaterialSlot }
}

afterEach(() => {
  scope.stop()
  vi.restoreAllMocks()
})

describe('uploads', () => {
  it('need no version, and bring the newest one with them', async () => {
    const { draft, uploads, part, finished } = await open()
    shown = draftAt(5, ['证明.png'])
    await uploads.send('proof', [scan()])
    expect(part.mock.calls.map((call) => call.slice(0, 2))).toEqual([['/cases/case_1/uploads/upload_1', 0]])
    expect(finished()[0]?.[2]?.version).toBeUndefined()
    expect([draft.version.value, uploads.running.length]).toEqual([5, 0])
  })

  it('are finished with the same key after a lost answer', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const { uploads, post, finished } = await open()
    let lost = true
    post.mockImplementation(async (path) => {
      if (!path.endsWith('/finish')) return upload('upload_1') as never
      if (lost) { lost = false; throw new ApiProblem('timeout') }
      return { material_id: 'm', version: 5 } as never
    })
    const sent = uploads.send('proof', [scan()])
    await vi.advanceTimersByTimeAsync(2_000)
    await sent
    const keys = finished().map((call) => call[2]?.key)
    expect([keys.length, new Set(keys).size, uploads.problem.value]).toEqual([2, 1, undefined])
    vi.useRealTimers()
  })

  it('that are refused are told at their material, by name, whoever refuses', async () => {
    const { uploads, post } = await open()
    post.mockImplementation(async (path) => {
      if (path.endsWith('/finish')) throw new ApiProblem('refused', { code: 'E1053', title: '这个文件带病毒，没有收下', detail: '查出的病毒：Eicar。' })
      return upload('upload_1') as never
    })
    await uploads.send('proof', [new File(['MZ'], 'x.exe', { type: 'application/x-msdownload' }), new File([], '空.png'), scan()])
    expect(uploads.problem.value).toBeUndefined()
    for (const text of ['x.exe 不能用', '空.png 是空的', '证明.png 没有传上：这个文件带病毒']) expect(uploads.problems.get('proof')).toContain(text)
  })

  it('are as many as the material may have, and the others are told', async () => {
    const { uploads, finished } = await open(draftAt(3, ['a'], 2))
    await uploads.send('proof', [scan('b.png'), scan('c.png')])
    expect(finished()).toHaveLength(1)
    expect(uploads.problems.get('proof')).toContain('最多 2 个文件')
  })

  it('that nobody wants any more are taken back', async () => {
    const { uploads, part } = await open()
    const remove = vi.spyOn(api, 'delete').mockResolvedValue(undefined)
    part.mockImplementation((_path, _offset, _content, options) => new Promise((_resolve, reject) => options?.signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError')))))
    const sent = uploads.send('proof', [scan()])
    await vi.waitFor(() => expect(uploads.running[0]?.state).toBe('sending'))
    await vi.waitFor(() => expect(part).toHaveBeenCalled())
    uploads.running[0]?.stop()
    await sent
    expect(remove.mock.calls[0]?.[0]).toBe('/cases/case_1/uploads/upload_1')
    expect([uploads.running.length, uploads.problem.value, uploads.problems.size]).toEqual([0, undefined, 0])
  })

  it('that an earlier page began are told, and can be forgotten', async () => {
    const { uploads } = await open()
    coming = [upload('upload_7', 40)]
    await uploads.send('proof', [scan()])
    await vi.waitFor(() => expect(uploads.unfinished.value.map((one) => one.upload_id)).toEqual(['upload_7']))
    const remove = vi.spyOn(api, 'delete').mockImplementation(async () => { coming = []; return undefined as never })
    await uploads.forget(upload('upload_7'))
    expect(remove).toHaveBeenCalledOnce()
    expect(uploads.unfinished.value).toEqual([])
  })

  it('keep what was sent when somebody leaves the page', async () => {
    const { uploads, part } = await open()
    const remove = vi.spyOn(api, 'delete').mockResolvedValue(undefined)
    part.mockImplementation((_path, _offset, _content, options) => new Promise((_resolve, reject) => options?.signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError')))))
    const sent = uploads.send('proof', [scan()])
    await vi.waitFor(() => expect(part).toHaveBeenCalled())
    scope.stop()
    await sent
    expect(remove).not.toHaveBeenCalled()
  })

  it('are put in order', async () => {
    const { uploads, slot } = await open(draftAt(3, ['a', 'b', 'c']))
    const put = vi.spyOn(api, 'put').mockResolvedValue({ version: 4 })
    await uploads.forward(slot(), slot().files[2] as CaseFile)
    expect(put.mock.calls[0]?.slice(0, 2)).toEqual(['/cases/case_1/file-order', { material: 'proof', files: ['m-a', 'm-c', 'm-b'] }])
    await uploads.forward(slot(), slot().files[0] as CaseFile)
    expect(put).toHaveBeenCalledOnce()
  })

  it('leave a version behind with which the next act goes through', async () => {
    const { draft, uploads, post } = await open()
    post.mockRejectedValue(new ApiProblem('refused', { code: 'E1201' }))
    shown = draftAt(7, [])
    await uploads.send('proof', [scan()])
    await draft.refresh()
    const versions: number[] = []
    await draft.write(async (version) => void versions.push(version))
    expect(versions).toEqual([7])
  })

  it('say how far they are, and why they rest', () => {
    const entry = (state: Running['state'], pause?: Running['pause']): Running => ({ id: 1, material: 'proof', name: 'a', bytes: 2_097_152, sent: 1_048_576, state, pause, stop: () => undefined })
    expect(progressOf(entry('sending'))).toBe('已传 50%，1.0 MB / 2.0 MB')
    expect(progressOf(entry('paused', { why: 'offline' }))).toContain('网断了，连上后接着传')
    expect(progressOf(entry('paused', { why: 'weak', seconds: 4 }))).toContain('4 秒后接着传')
    expect([percentOf(999, 1000), percentOf(1000, 1000), percentOf(0, 0)]).toEqual([99, 100, 0])
  })
})
