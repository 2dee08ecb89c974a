import { describe, expect, it } from 'vitest'
import { actionWords, actorWords, outcomeWords, shortId } from './auditWords'

describe('entries of the audit log', () => {
  it('names who acted by kind and reference', () => {
    expect(actorWords({ kind: 'staff', id: 'staff_01JABCDEFGHJKMNPQRSTVWXYZ0' })).toBe('工作人员 staff_…STVWXYZ0')
    expect(actorWords({ kind: 'stranger' })).toBe('没有登录')
    expect(actorWords({ kind: 'system', id: 'clock' })).toBe('系统 clock')
  })

  it('says in words what was done, and leaves what it does not know', () => {
    expect(actionWords('case.hand_out')).toBe('出件送达')
    expect(actionWords('registers.make_key')).toBe('registers.make_key')
  })

  it('tells a refusal by its code and an export that was broken off as such', () => {
    expect(['done', 'broken_off', 'E1102'].map(outcomeWords)).toEqual(['完成', '中断', '拒绝 E1102'])
  })

  it('keeps short ids whole', () => {
    expect(shortId('case_0001')).toBe('case_0001')
  })
})
