import { flushPromises } from '@vue/test-utils'
import { effectScope } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Form } from '@/shared/api'
import { useCalculator } from './useCalculator'

const words = (zh: string) => ({ zh, en: '' })
const form: Form = {
  format: 1,
  schema: { type: 'object', properties: { sex: { type: 'string' }, post: { type: 'string' }, birth: { type: 'string' } } },
  fields: {
    sex: { label: words('性别'), widget: 'choice', required: true, options: [{ value: 'male', label: words('男') }, { value: 'female', label: words('女') }] },
    post: { label: words('岗位'), widget: 'choice', visible: 'sex = "female"', required: true, options: [{ value: 'worker', label: words('其他') }] },
    birth: { label: words('出生日期'), widget: 'date', past: true, required: true }
  },
  layout: [{ section: words('您的情况'), fields: ['sex', 'post', 'birth'] }]
}
const guide = { id: 'retirement', name: words('退休年龄计算器'), intro: words(''), basis: [], items: [], form }
const result = { headline: words('您 2029 年 12 月可以退休'), lines: [], notes: [], facts: {} }

/** A server that answers GET with the guide and POST as told; keeps what was sent. */
function serve(answer: () => { status: number; body: unknown }) {
  const sent: unknown[] = []
  vi.stubGlobal('fetch', vi.fn(async (_: string, init: RequestInit) => {
    if (init.method === 'GET') return new Response(JSON.stringify(guide))
    sent.push(JSON.parse(String(init.body)))
    const { status, body } = answer()
    return new Response(JSON.stringify(body), { status })
  }))
  return sent
}

async function open() {
  const calculator = effectScope().run(() => useCalculator('retirement'))
  await flushPromises()
  if (!calculator) throw new Error('no scope')
  return calculator
}

afterEach(() => vi.unstubAllGlobals())

describe('a calculator', () => {
  it('asks for what is missing before it asks the server', async () => {
    const sent = serve(() => ({ status: 200, body: result }))
    const { data, calculate, errors, result: found } = await open()
    data.sex = 'female'
    await calculate()
    expect(errors.value.map((error) => error.id)).toEqual(['f-post', 'f-birth'])
    expect(sent).toEqual([])
    expect(found.value).toBeUndefined()
  })

  it('sends what counts and shows the result until an answer changes', async () => {
    const sent = serve(() => ({ status: 200, body: result }))
    const { data, calculate, restart, result: found } = await open()
    Object.assign(data, { sex: 'male', post: 'worker', birth: '1968-12-31' })
    await calculate()
    expect(sent).toEqual([{ form: { sex: 'male', birth: '1968-12-31' } }])
    await flushPromises()
    expect(found.value).toEqual(result)
    data.birth = '1968-12-30'
    await flushPromises()
    expect(found.value).toBeUndefined()
    restart()
    expect(data).toEqual({})
  })

  it('tells at its field what only the server knows', async () => {
    serve(() => ({ status: 422, body: { code: 'E1002', title: '有内容需要修改', faults: [{ pointer: '/form/birth', code: 'E1035', title: '日期不能晚于今天' }] } }))
    const { data, calculate, errorOf, result: found } = await open()
    Object.assign(data, { sex: 'male', birth: '1968-12-31' })
    await calculate()
    expect(errorOf('f-birth')).toBe('日期不能晚于今天')
    expect(found.value).toBeUndefined()
  })
})
