import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiProblem, type TaskRow } from '@/shared/api'
import * as api from '../staff.api'
import { useClaims } from './useClaims'

const task = (id: string) => ({ task_id: id, case_no: `NO-${id}`, may_claim: true }) as TaskRow

beforeEach(() => { vi.restoreAllMocks() })

describe('claiming tasks together', () => {
  it('goes on after a refusal and says which ones were refused and why', async () => {
    vi.spyOn(api, 'claimTask').mockImplementation(async (id) => {
      if (id === 'b') throw new ApiProblem('conflict', { code: 'E1202', title: '受理人不能审查', detail: '请由其他人员办理。' })
      return { case_id: `case_${id}`, version: 2, state: 'REVIEWING' }
    })
    const replaced: string[] = []
    const result = await useClaims((row) => replaced.push(row.task_id)).claimAll([task('a'), task('b'), task('c')])
    expect(result).toEqual({ claimed: 2, refused: [{ case_no: 'NO-b', why: '请由其他人员办理。' }] })
    expect(replaced).toEqual(['a', 'c'])
  })

  it('stops when the network is gone', async () => {
    const claim = vi.spyOn(api, 'claimTask').mockRejectedValue(new ApiProblem('offline'))
    const claims = useClaims(() => undefined)
    await claims.claimAll([task('a'), task('b')])
    expect(claim).toHaveBeenCalledOnce()
    expect(claims.problem.value?.kind).toBe('offline')
  })

  it('shows a released task as free', async () => {
    vi.spyOn(api, 'releaseTask').mockResolvedValue({ case_id: 'case_a', version: 3, state: 'REVIEWING' })
    let row: TaskRow | undefined
    await useClaims((next) => { row = next }).release({ ...task('a'), holder: { staff_id: 's', name: '林晓' }, may_claim: false })
    expect([row?.holder, row?.may_claim, row?.version]).toEqual([null, true, 3])
  })
})
