import { mount } from '@vue/test-utils'
import { nextTick, reactive } from 'vue'
import { describe, expect, it } from 'vitest'
import type { Form, FormData } from '@/shared/api'
import FormSections from './FormSections.vue'

const words = (zh: string) => ({ zh, en: '' })
const form: Form = {
  format: 1,
  schema: { type: 'object', properties: { name: { type: 'string' }, payee: { type: 'string' }, bank: { type: 'string' }, wage: { type: 'integer' }, on: { type: 'string' } } },
  fields: {
    name: { label: words('姓名'), widget: 'text', locked: true },
    payee: { label: words('钱发到哪里'), widget: 'choice', required: true, options: [{ value: 'card', label: words('社保卡') }, { value: 'other', label: words('其他卡') }] },
    bank: { label: words('开户银行'), widget: 'text', visible: 'payee = "other"', required: true },
    wage: { label: words('月工资'), widget: 'money' },
    on: { label: words('哪一天'), widget: 'date' }
  },
  layout: [{ section: words('发放'), fields: ['name', 'payee', 'bank', 'wage', 'on'] }]
}

function open(data: FormData, errors: Record<string, string> = {}) {
  const kept = reactive(data)
  const page = mount(FormSections, { props: { form, facts: { name: '王芳' }, data: kept, errorOf: (id: string) => errors[id] } })
  return { page, kept }
}

describe('the form on the page', () => {
  it('does not ask what a register knows', () => {
    expect(open({}).page.text()).not.toContain('姓名')
  })

  it('asks what a choice makes necessary', async () => {
    const { page, kept } = open({})
    expect(page.find('#f-bank').exists()).toBe(false)
    await page.find('input[value="other"]').setValue(true)
    expect(kept.payee).toBe('other')
    expect(page.find('#f-bank').exists()).toBe(true)
  })

  it('keeps money in fen and a date as one text', async () => {
    const { page, kept } = open({})
    await page.find('#f-wage').setValue('1,836.5')
    expect(kept.wage).toBe(183_650)
    await page.find('#f-wage').setValue('１２，０００．５')
    expect(kept.wage).toBe(1_200_050)
    await page.find('#f-wage').setValue('很多')
    expect(kept.wage).toBe('很多')
    const boxes = page.findAll('.boxes input')
    await boxes[0]?.setValue('2026')
    await boxes[1]?.setValue('1')
    await boxes[2]?.setValue('5')
    expect(kept.on).toBe('2026-01-05')
  })

  it('ties the error and the name to the field', async () => {
    const { page } = open({ payee: 'other' }, { 'f-bank': '请填写开户银行' })
    await nextTick()
    const input = page.find('#f-bank')
    expect(input.attributes('aria-invalid')).toBe('true')
    expect(page.find(`#${input.attributes('aria-describedby')}`).text()).toContain('请填写开户银行')
    expect(page.find('label[for="f-bank"]').text()).toContain('开户银行')
  })

  it('says what need not be filled in', () => {
    expect(open({}).page.find('label[for="f-wage"]').text()).toContain('可以不填')
  })
})
