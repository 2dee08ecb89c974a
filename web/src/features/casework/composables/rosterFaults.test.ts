import { describe, expect, it } from 'vitest'
import type { ItemGuide } from '@/shared/api'
import { wordsOf, type RowFault } from './rosterFaults'

const words = (zh: string) => ({ zh, en: '' })
const guide = {
  roster: { columns: [{ field: 'contract', example: '' }, { field: 'pay', example: '6500' }, { field: 'start', example: '2026-03' }] },
  form: { fields: {
    contract: { label: words('劳动合同'), widget: 'choice', options: [{ value: 'fixed', label: words('固定期限') }, { value: 'open', label: words('无固定期限') }] },
    pay: { label: words('月工资'), widget: 'money' },
    start: { label: words('从哪个月开始参保'), widget: 'month' }
  } }
} as unknown as ItemGuide
const fault = (heading: string | null, code: string, mend = ''): RowFault => ({ heading, cell: '', code, wrong: '不对', mend })

describe('what is wrong with a cell of a roster', () => {
  it('names the choices that there are', () => {
    expect(wordsOf(fault('劳动合同', 'E1024', '请选择一项'), guide)).toEqual({ wrong: '这里只能填列出的几种', mend: '填其中一种：固定期限、无固定期限' })
  })

  it('says what belongs there, with the example of the template', () => {
    expect(wordsOf(fault('月工资（元）', 'E1032', '请填写大于 0 的金额'), guide)).toEqual({ wrong: '这里要填数字', mend: '请填写大于 0 的金额，例如 6500' })
    expect(wordsOf(fault('从哪个月开始参保', 'E1032', '请填写年和月，例如 2026-03'), guide)).toEqual({ wrong: '这里要填年和月', mend: '请填写年和月，例如 2026-03' })
  })

  it('is about the person in the row', () => {
    expect(wordsOf(fault(null, 'E1205', '请到“我的办件”查看进度'), undefined).wrong).toBe('这个人的这件事已经在办')
  })

  it('is left as the server says it for all else', () => {
    for (const one of [fault('月工资（元）', 'E1030', '要大于 0'), fault('不认识', 'E1024'), fault(null, 'E1213')]) expect(wordsOf(one, guide)).toMatchObject({ wrong: '不对', mend: one.mend })
    expect(wordsOf(fault('劳动合同', 'E1024', '请选择一项'), undefined)).toMatchObject({ mend: '请选择一项' })
  })
})
