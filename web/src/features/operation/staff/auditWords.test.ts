import { describe, expect, it } from 'vitest'
import { actorWords, shortId } from './auditWords'

describe('entries of the audit log', () => {
  it('names who acted by kind and reference', () => {
    expect(actorWords({ kind: 'staff', id: 'staff_01JABCDEFGHJKMNPQRSTVWXYZ0' })).toBe('工作人员 staff_…STVWXYZ0')
    expect(actorWords({ kind: 'stranger' })).toBe('没有登录')
    expect(actorWords({ kind: 'system', id: 'clock' })).toBe('系统 clock')
  })

  it('keeps short ids whole', () => {
    expect(shortId('case_0001')).toBe('case_0001')
  })
})
