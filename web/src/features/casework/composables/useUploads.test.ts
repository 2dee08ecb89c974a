import { effectScope } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { api, ApiProblem, type CaseDraft, type CaseFile } from '@/shared/api'
import { useDraft } from './useDraft'
import { useUploads } from './useUploads'

const words = { zh: '', en: '' }
const draftAt = (version: number, files: string[]): CaseDraft => ({
  case_id: 'case_1', version, state: 'DRAFT', item: 'JY-009', edition: 1, name: words, data: {}, declaration: words, saved_at: '2026-11-23T02:00:00Z',
  prefill: { values: {}, sources: [] }, form: { format: 1, schema: { type: 'object', properties: {} }, layout: [], fields: {} },
  materials: [{ id: 'proof', files: files.map((name) => ({ material_id: `m-${name}`, name })) }] as unknown as CaseDraft['materials']
})
const scan = new File(['x'], '证明.png', { type: 'image/png', lastModified: 1 })

let scope = effectScope()
async function open() {
  const get = vi.spyOn(api, 'get').mockResolvedValue(draftAt(3, []))
  scope = effectScope()
  const state = scope.run(() => {
    const draft = useDraft('case_1')
    return { draft, uploads: useUploads('case_1', draft) }
  })
  if (!state) throw new Error('no scope')
  await vi.waitFor(() => expect(state.draft.version.value).toBe(3))
  return { ...state, get, files: () => state.draft.draft.value?.materials[0]?.files.map((file) => file.name) }
}

afterEach(() => scope.stop())

describe('uploads', () => {
  it('need no version, and bring the newest one with them', async () => {
    const { draft, uploads, get } = await open()
    const upload = vi.spyOn(api, 'upload').mockResolvedValue({ material_id: 'm', version: 4 })
    get.mockResolvedValue(draftAt(5, ['证明.png']))
    await uploads.send('proof', [scan])
    expect(upload.mock.calls[0]?.[2]?.version).toBeUndefined()
    expect(draft.version.value).toBe(5)
  })

  it('are sent with the same key after a lost answer, and show what the server has', async () => {
    const { draft, uploads, get } = await open()
    const upload = vi.spyOn(api, 'upload').mockRejectedValueOnce(new ApiProblem('timeout')).mockResolvedValue({ material_id: 'm', version: 5 })
    get.mockResolvedValue(draftAt(4, []))
    await uploads.send('proof', [scan])
    expect([uploads.problem.value?.kind, draft.version.value]).toEqual(['timeout', 4])
    await uploads.send('proof', [scan])
    await uploads.send('proof', [scan])
    const keys = upload.mock.calls.map((call) => call[2]?.key)
    expect(keys[1]).toBe(keys[0])
    expect(keys[2]).not.toBe(keys[0])
  })

  it('count as done when only the answer was lost', async () => {
    const { uploads, get, files } = await open()
    vi.spyOn(api, 'upload').mockRejectedValue(new ApiProblem('timeout'))
    get.mockResolvedValue(draftAt(4, ['证明.png']))
    await uploads.send('proof', [scan])
    expect([uploads.problem.value, files()]).toEqual([undefined, ['证明.png']])
  })

  it('are a new upload after the file was taken away', async () => {
    const { uploads } = await open()
    const upload = vi.spyOn(api, 'upload').mockRejectedValue(new ApiProblem('offline'))
    const remove = vi.spyOn(api, 'delete').mockResolvedValue({ version: 5 })
    await uploads.send('proof', [scan])
    await uploads.remove({ material_id: 'm', name: '证明.png' } as CaseFile)
    await uploads.send('proof', [scan])
    expect(remove.mock.calls[0]?.[1]?.version).toBeUndefined()
    expect(upload.mock.calls[1]?.[2]?.key).not.toBe(upload.mock.calls[0]?.[2]?.key)
  })

  it('that are refused are told at their material, by name, whoever refuses', async () => {
    const { uploads } = await open()
    vi.spyOn(api, 'upload').mockRejectedValue(new ApiProblem('refused', { code: 'E1215', title: '文件内容与类型不符', detail: '只接受 JPG、PNG 图片和 PDF 文件。' }))
    await uploads.send('proof', [new File(['MZ'], 'x.exe', { type: 'application/x-msdownload' }), scan])
    expect(uploads.problem.value).toBeUndefined()
    for (const text of ['x.exe 不能用', '证明.png 没有传上：文件内容与类型不符']) expect(uploads.problems.get('proof')).toContain(text)
  })

  it('leave a version behind with which the next act goes through', async () => {
    const { draft, uploads, get } = await open()
    vi.spyOn(api, 'upload').mockRejectedValue(new ApiProblem('broken'))
    get.mockResolvedValue(draftAt(7, []))
    await uploads.send('proof', [scan])
    const versions: number[] = []
    await draft.write(async (version) => void versions.push(version))
    expect(versions).toEqual([7])
  })
})
