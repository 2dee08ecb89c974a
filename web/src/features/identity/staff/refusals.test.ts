import { describe, expect, it } from 'vitest'
import { ApiProblem } from '@/shared/api'
import { forStaff } from './refusals'

const citizens = '请核对后重试。忘记密码可带身份证到任一窗口重置。', ours = '请核对后重试。忘记密码请联系本单位人员管理员。'

describe('refusals as staff read them', () => {
  it('send whoever forgot the password to his administrator, not to a window', () => {
    const wrong = forStaff(new ApiProblem('signed_out', { code: 'E1103', title: '账号或密码不对', detail: citizens, status: 401 }))
    expect([wrong?.kind, wrong?.status, wrong?.title, wrong?.detail]).toEqual(['signed_out', 401, '账号或密码不对', ours])
  })

  it('do so at the field of the old password too', () => {
    const fault = { pointer: '/old', code: 'E1103', title: '账号或密码不对', detail: citizens }
    expect(forStaff(new ApiProblem('refused', { code: 'E1002', detail: '请改正', faults: [fault] }))).toMatchObject({ detail: '请改正', faults: [{ pointer: '/old', detail: ours }] })
  })

  it('are left as the server words them otherwise', () => {
    expect(forStaff(new ApiProblem('busy', { code: 'E1104', detail: '请 5 分钟后再试。' }, 7))).toMatchObject({ kind: 'busy', detail: '请 5 分钟后再试。', retryAt: 7 })
    expect(forStaff(undefined)).toBeUndefined()
  })
})
