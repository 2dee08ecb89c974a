import { describe, expect, it } from 'vitest'
import type { ItemRow } from '@/shared/api'
import { nearestOf } from './nearest'

const row = (code: string, name: string, summary: string) => ({ code, name: { zh: name, en: '' }, summary: { zh: summary, en: '' } }) as ItemRow
const rows = [
  row('JY-009', '失业登记', '没有工作、想找工作的人登记失业，也是领失业保险金的条件。'),
  row('LD-001', '劳务派遣经营许可', '公司要做劳务派遣，先办这个许可。'),
  row('SB-084', '失业保险金申领', '缴过一年以上失业保险、合同到期等失业的人，按月领失业保险金。')
]
const codes = (query: string) => nearestOf(rows, query).map((one) => one.code)

describe('items near to what was asked', () => {
  it('finds the benefit under its common name', () => {
    expect(codes('失业金')[0]).toBe('SB-084')
    expect(codes('怎么领失业金')[0]).toBe('SB-084')
  })

  it('finds an item by what happened', () => {
    expect(codes('没工作了')[0]).toBe('JY-009')
  })

  it('suggests nothing for words of another world', () => {
    expect(codes('zzz')).toEqual([])
    expect(codes('我要办')).toEqual([])
  })
})
