import { describe, expect, it } from 'vitest'
import type { StaffCase } from '@/shared/api'
import { opinionDraft } from './opinion'

const checks = [{ id: 'a', label: '参保缴费满 12 个月', ok: true }, { id: 'b', label: '离职原因一致', ok: false, detail: '备案为本人辞职' }, { id: 'c', label: '账户可用', ok: null }] as StaffCase['checks']
const benefit = { months: 14, monthly_fen: 183600, total_fen: 2570400, basis: '' } as StaffCase['benefit']

describe('the draft of an opinion', () => {
  it('lists what passed, and leaves each doubt open on a line of its own', () => {
    expect(opinionDraft({ checks, benefit: null }, 'grant').split('\n')).toEqual([
      '系统核对通过 1 项：参保缴费满 12 个月。', '离职原因一致（备案为本人辞职）：', '账户可用（查不到）：'
    ])
  })

  it('names the amount only where granting is proposed', () => {
    const passed = { checks: checks.slice(0, 1), benefit }
    expect(opinionDraft(passed, 'grant')).toContain('可领 14 个月，每月 1,836 元。')
    expect(opinionDraft(passed, 'deny')).not.toContain('可领')
  })

  it('says nothing where nothing was checked', () => {
    expect(opinionDraft({ checks: [], benefit: null }, 'grant')).toBe('')
  })
})
