import { beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { api, ApiProblem, type CaseRow, type Session } from '@/shared/api'
import { adoptSession } from '@/shared/auth'
import { draftsOf, rolesToOffer, useStart } from './useStart'

const replace = vi.hoisted(() => vi.fn())
vi.mock('vue-router', () => ({ useRouter: () => ({ replace }) }))

const row = (id: string, item: string, at: string) => ({ case_id: id, item, updated_at: at }) as CaseRow
const myself = { kind: 'myself', name: '王*兰' }, firm = { kind: 'enterprise', employer_id: 'employer_1', name: '云帆公司' }
const start = () => effectScope().run(() => useStart('JY-009'))!

beforeEach(() => {
  replace.mockClear()
  adoptSession({ kind: 'citizen', citizen: { person_id: 'person_1', acting: myself, roles: [myself, firm] } } as unknown as Session)
})

describe('the way to an application form', () => {
  it('opens a new draft where none is kept', async () => {
    vi.spyOn(api, 'get').mockResolvedValue({ rows: [row('case_2', 'SB-084', '2026-11-23T02:00:00Z')] })
    const post = vi.spyOn(api, 'post').mockResolvedValue({ case_id: 'case_1' })
    start()
    await vi.waitFor(() => expect(replace).toHaveBeenCalledWith('/apply/case_1'))
    expect(post).toHaveBeenCalledOnce()
  })

  it('offers the draft that is kept, and opens another only when asked to', async () => {
    vi.spyOn(api, 'get').mockResolvedValue({ rows: [row('case_2', 'JY-009', '2026-11-23T02:00:00Z')] })
    const post = vi.spyOn(api, 'post').mockResolvedValue({ case_id: 'case_3' })
    const { kept, open } = start()
    await vi.waitFor(() => expect(kept.value.map((one) => one.case_id)).toEqual(['case_2']))
    expect(post).not.toHaveBeenCalled()
    await open.run()
    expect(replace).toHaveBeenCalledWith('/apply/case_3')
  })

  it('shows the draft that was saved last first', () => {
    const rows = [row('old', 'JY-009', '2026-11-22T02:00:00Z'), row('other', 'SB-084', '2026-11-24T02:00:00Z'), row('new', 'JY-009', '2026-11-23T02:00:00Z')]
    expect(draftsOf(rows, 'JY-009').map((one) => one.case_id)).toEqual(['new', 'old'])
  })

  it('names the roles in which the item is open', async () => {
    vi.spyOn(api, 'get').mockResolvedValue({ rows: [] })
    vi.spyOn(api, 'post').mockRejectedValue(new ApiProblem('forbidden', { code: 'E1220' }))
    const { roles, isForOthers } = start()
    await vi.waitFor(() => expect(isForOthers.value).toBe(true))
    expect(roles.value).toEqual([firm])
    expect(rolesToOffer({ acting: firm, roles: [myself, firm] })).toEqual([myself])
    expect(rolesToOffer({ acting: myself, roles: [myself] })).toEqual([])
  })

  it('offers no role for another trouble', async () => {
    vi.spyOn(api, 'get').mockResolvedValue({ rows: [] })
    vi.spyOn(api, 'post').mockRejectedValue(new ApiProblem('broken'))
    const { roles, problem } = start()
    await vi.waitFor(() => expect(problem.value?.kind).toBe('broken'))
    expect(roles.value).toEqual([])
  })
})
