import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { Correction } from '@/shared/api'
import CaseCorrection from './CaseCorrection.vue'

const told = (provisional: boolean) => {
  const correction: Correction = { lines: [], due_on: '2027-01-18', provisional, notice_id: 'notice_1' }
  return mount(CaseCorrection, { props: { correction } }).text()
}

describe('what was told to mend', () => {
  it('says when its last day may still move', () => {
    expect(told(true)).toContain('1 月 18 日（暂定）补齐')
    expect(told(false)).toContain('1 月 18 日补齐')
  })
})
