import { describe, expect, it } from 'vitest'
import { ApiProblem } from '@/shared/api'
import { faultAt } from './faults'

describe('the words at a field', () => {
  it('say what is wrong and what to do', () => {
    const fault = { pointer: '/received_on', code: 'E1030', title: '数值超出范围', detail: '应在 2026-03-02 到 2026-03-09 之间。' }
    const problem = new ApiProblem('refused', { faults: [fault] })
    expect(faultAt(problem, '/received_on')).toBe('数值超出范围：应在 2026-03-02 到 2026-03-09 之间。')
    expect(faultAt(problem, '/receiver')).toBeUndefined()
    expect(faultAt(undefined, '/receiver')).toBeUndefined()
  })
})
