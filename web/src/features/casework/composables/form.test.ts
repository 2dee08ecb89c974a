import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Form, FormData } from '@/shared/api'
import { faultsOf, isBankAccount } from './formFaults'
import { dataToSend, effectiveOf, idOfPointer, questionsOf, withDependents } from './formLogic'
import { showAll } from './formShow'

const words = (zh: string) => ({ zh, en: '' })
const form: Form = {
  format: 1,
  schema: {
    type: 'object',
    $defs: { short: { type: 'string', maxLength: 4 } },
    properties: {
      name: { type: 'string' }, reason: { type: 'string' }, detail: { $ref: '#/$defs/short' }, left_on: { type: 'string' },
      wage: { type: 'integer', minimum: 0, maximum: 1_000_000 }, phone: { type: 'string' }, sure: { type: 'boolean' },
      jobs: { type: 'array', items: { type: 'object', properties: { employer: { type: 'string' }, months: { type: 'integer', minimum: 1, maximum: 600 } } } }
    }
  },
  fields: {
    detail: { label: words('说明'), widget: 'text', visible: 'reason = "other"', required: true },
    name: { label: words('姓名'), widget: 'text', locked: true, source: 'population', required: true },
    reason: { label: words('离职原因'), widget: 'choice', options: [{ value: 'end', label: words('合同到期') }, { value: 'other', label: words('其他') }], required: true },
    left_on: { label: words('离职日期'), widget: 'date', required: 'reason = "end"' },
    wage: { label: words('月工资'), widget: 'money' },
    phone: { label: words('手机号'), widget: 'phone', required: true, error: words('请留能接到电话的手机号') },
    sure: { label: words('已知晓'), widget: 'checkbox', required: true },
    jobs: { label: words('工作经历'), widget: 'list', fields: { employer: { label: words('单位'), widget: 'text', required: true }, months: { label: words('月数'), widget: 'number' } } }
  },
  layout: [{ section: words('情况'), fields: ['name', 'reason', 'detail', 'left_on', 'wage', 'phone', 'sure', 'jobs'] }]
}
const facts: FormData = { name: '王芳' }
const good: FormData = { reason: 'end', left_on: '2026-11-01', phone: '13812341234', sure: true }

afterEach(() => void vi.useRealTimers())

describe('form logic', () => {
  it('asks everything but facts of registers, in the order of the page', () => {
    expect(questionsOf(form).map((question) => question.key)).toEqual(['reason', 'detail', 'left_on', 'wage', 'phone', 'sure', 'jobs'])
  })

  it('shows and requires by condition, whatever the order of the document', () => {
    const end = effectiveOf(form, good, facts), other = effectiveOf(form, { ...good, reason: 'other' }, facts)
    expect(end.visible.has('detail')).toBe(false)
    expect(end.required.has('left_on')).toBe(true)
    expect(other.visible.has('detail')).toBe(true)
    expect(other.required.has('left_on')).toBe(false)
  })

  it('asks a locked field as long as the register does not know it', () => {
    expect(faultsOf(form, good, {}).map((fault) => fault.id)).toEqual(['f-name'])
    expect(faultsOf(form, good, facts)).toEqual([])
  })

  it('sends tidy values of visible fields without facts', () => {
    const data = { ...good, name: 'x', detail: 'hidden', phone: ' １３８-1234 1234', wage: null, jobs: [{ employer: ' 甲 ', months: '一年' }, { employer: ' ' }] }
    expect(dataToSend(form, data, facts)).toEqual({ ...good, jobs: [{ employer: '甲' }] })
  })

  it('tells what is wrong in the order of the page and leads to the field', () => {
    const faults = faultsOf(form, { reason: 'other', detail: '太长太长太长', left_on: '2026-02-30', wage: -1, phone: '123', sure: false, jobs: [{ months: 0 }] }, facts)
    expect(faults).toEqual([
      { id: 'f-detail', text: '说明最多 4 个字' },
      { id: 'f-left_on', text: '离职日期不对，没有 2026 年 2 月 30 日这一天，请核对' },
      { id: 'f-wage', text: '月工资应在 0 元 到 10,000 元 之间' },
      { id: 'f-phone', text: '请留能接到电话的手机号' },
      { id: 'f-sure', text: '请选择已知晓' },
      { id: 'f-jobs-0-employer', text: '工作经历第 1 行：请填写单位' },
      { id: 'f-jobs-0-months', text: '工作经历第 1 行：月数应在 1 到 600 之间' }
    ])
  })

  it('says of letters that a number is asked for, whatever the form says of an empty field', () => {
    const workers: Form = { ...form, fields: { wage: { label: words('月工资'), widget: 'money', required: true, error: words('请填写月工资') } }, layout: [{ section: words('情况'), fields: ['wage'] }] }
    expect(faultsOf(workers, { wage: 'abc' }, {})[0]?.text).toBe('月工资要填数字')
    expect(dataToSend(workers, { wage: 'abc' }, {})).toEqual({})
    expect(faultsOf(workers, {}, {})[0]?.text).toBe('请填写月工资')
  })

  it('says of a date what is wrong with it, whatever the form says of an empty field', () => {
    const born: Form = { ...form, fields: { born: { label: words('出生日期'), widget: 'date', required: true, error: words('请填写出生的年、月、日') }, from: { label: words('开始'), widget: 'month' } }, layout: [{ section: words('情况'), fields: ['born', 'from'] }] }
    const told = (data: FormData) => faultsOf(born, data, {}).map(({ text }) => text)
    expect(told({})).toEqual(['请填写出生的年、月、日'])
    expect(told({ born: '1970-05-00' })).toEqual(['出生日期要填年、月、日，例如 2026 年 11 月 1 日'])
    expect(told({ born: '1970-02-30', from: '2026-13' })).toEqual(['出生日期不对，没有 1970 年 2 月 30 日这一天，请核对', '开始不对，没有 13 月，请填 1 到 12'])
    expect(told({ born: '70-05-12', from: '26-03' })).toEqual(['出生日期的年份要写四位数字，例如 1970', '开始的年份要写四位数字，例如 1970'])
    expect(told({ born: '1970-ab-12', from: '-03' })).toEqual(['出生日期要填年、月、日，例如 2026 年 11 月 1 日', '开始要填年和月，例如 2026 年 11 月'])
  })

  it('lets a correction change what depends on the field that was named', () => {
    expect(withDependents(form, ['reason']).sort()).toEqual(['detail', 'reason'])
  })

  it('finds the field of a pointer of the server', () => {
    expect(idOfPointer('/form/jobs/0/employer')).toBe('f-jobs-0-employer')
    expect(idOfPointer('/materials/m2')).toBe('m-m2')
  })

  it('checks the last digit of a bank account', () => {
    expect(isBankAccount('6222021234567890128')).toBe(true)
    expect(isBankAccount('6222021234567890127')).toBe(false)
    expect(isBankAccount('622202')).toBe(false)
  })

  it('shows a number as it was typed or as the server masks it, for whoever checks what he has typed', () => {
    const other: Form = { ...form, fields: { no: { label: words('逝者身份证号'), widget: 'citizen_no' } }, layout: [{ section: words('情况'), fields: ['no'] }] }
    expect(['11010519491231002x', '110105********002X'].map((no) => showAll(other, { no }, {})[0]?.text)).toEqual(['11010519491231002X', '110105********002X'])
  })

  it('shows values as people read them', () => {
    vi.setSystemTime(new Date('2026-11-23T02:00:00Z'))
    const shown = showAll(form, { ...good, wage: 183_650, jobs: [{ employer: '甲' }] }, facts)
    expect(shown.map(({ label, text }) => [label, text])).toEqual([
      ['姓名', '王芳'], ['离职原因', '合同到期'], ['离职日期', '11 月 1 日'], ['月工资', '1,836.50 元'],
      ['手机号', '13812341234'], ['已知晓', '是'], ['工作经历', '没有填']
    ])
    expect(shown.at(-1)?.rows?.[0]?.[0]?.text).toBe('甲')
  })
})
