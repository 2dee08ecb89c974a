import { describe, expect, it } from 'vitest'
import { effectScope } from 'vue'
import type { FormData, MaterialSlot, StaffCase } from '@/shared/api'
import { useLines } from './useLines'

const zh = (text: string) => ({ zh: text, en: '' })
const slot = (id: string, more: Partial<MaterialSlot> = {}): MaterialSlot => ({ id, name: zh(id), source: 'applicant', required: true, needed: true, standard: zh(''), promise_allowed: false, promised: false, basis: '', files: [], files_max: 20, infected: [], ...more })
const shown = {
  materials: [slot('m1', { source: 'shared', covered_by: '人口库' }), slot('m2'), slot('m3', { source: 'shared' }), slot('m4', { needed: false })],
  form: {
    format: 1, schema: { type: 'object', properties: {} }, layout: [{ section: zh('情况'), fields: ['name', 'employer', 'reason', 'last_day'] }],
    fields: {
      name: { label: zh('姓名'), widget: 'text', locked: true }, employer: { label: zh('单位'), widget: 'text', locked: true },
      reason: { label: zh('原因'), widget: 'text' }, last_day: { label: zh('最后工作日'), widget: 'date', visible: 'reason != "never"' }
    }
  },
  data: { name: '王*', reason: 'expired', employer: '甲公司' }
} as unknown as Pick<StaffCase, 'materials' | 'form' | 'data'>
const open = (data: FormData = shown.data) => effectScope().run(() => useLines(() => ({ ...shown, data })))!
const offered = (data?: FormData) => open(data).askable.value.filter((item) => !item.why).map((item) => item.key)

describe('lines of a correction notice', () => {
  it('offers the closed list and the form, and nothing that a register answers', () => {
    expect(offered()).toEqual(['material:m2', 'field:reason', 'field:last_day'])
    expect(open().askable.value.find((item) => item.id === 'm1')?.why).toContain('人口库')
  })

  it('offers no field that the applicant does not see, and the one that the register left to him', () => {
    expect(offered({ ...shown.data, reason: 'never' })).toEqual(['material:m2', 'field:reason'])
    expect(offered({ name: '王*', reason: 'never' })).toEqual(['material:m2', 'field:employer', 'field:reason'])
  })

  it('never sends a paper that may not be asked for, even when it was ticked', () => {
    const { draft, lines } = open()
    Object.assign(draft('material:m1'), { on: true, defect: '没有提供', fix: '请提供' })
    expect(lines.value).toEqual([])
  })

  it('is complete when every chosen line names defect and remedy', () => {
    const { draft, missing, isComplete, lines } = open()
    expect(isComplete.value).toBe(false)
    draft('material:m2').on = true
    draft('field:last_day').on = true
    Object.assign(draft('material:m2'), { defect: ' 看不清 ', fix: '重新拍照' })
    expect(missing.value).toEqual({ 'field:last_day': { defect: '请写明问题', fix: '请写明怎么改' } })
    Object.assign(draft('field:last_day'), { defect: '与登记信息不一致', fix: '按备案日期更正' })
    expect(isComplete.value).toBe(true)
    expect(lines.value).toEqual([
      { material: 'm2', defect: '看不清', how_to_fix: '重新拍照' },
      { field: 'last_day', defect: '与登记信息不一致', how_to_fix: '按备案日期更正' }
    ])
  })

  it('forgets everything when cleared', () => {
    const { draft, clear, chosen } = open()
    draft('material:m2').on = true
    clear()
    expect(chosen.value).toEqual([])
  })
})
