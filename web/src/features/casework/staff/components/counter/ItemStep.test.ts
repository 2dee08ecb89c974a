import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findItems } from '../../staff.api'
import ItemStep from './ItemStep.vue'

vi.mock('../../staff.api', () => ({ findItems: vi.fn() }))

const row = (code: string) => ({ code, name: { zh: code, en: code }, summary: { zh: '', en: '' }, kind: 'instant', applicants: ['person'], materials_asked: 0, open: true })
const found = (...codes: string[]) => ({ certain: true, items: codes.map(row) }) as unknown as Awaited<ReturnType<typeof findItems>>

/** The step with the list of all items, and an answer to what is typed that comes when it is told to. */
async function typed(text: string) {
  let answer: (told: Awaited<ReturnType<typeof findItems>>) => void = () => undefined
  vi.mocked(findItems).mockResolvedValueOnce(found('JY-001', 'LD-001')).mockReturnValueOnce(new Promise((resolve) => { answer = resolve }))
  const step = mount(ItemStep)
  await flushPromises()
  await step.get('input').setValue(text)
  return { step, answer: async (...codes: string[]) => { answer(found(...codes)); await flushPromises() } }
}

describe('the choice of an item', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => { vi.useRealTimers(); vi.mocked(findItems).mockReset() })

  it('waits with Enter until the list of what is typed is there', async () => {
    const { step, answer } = await typed('LD-001')
    await step.get('input').trigger('keydown.enter')
    expect(step.emitted('choose')).toBeUndefined()
    expect(step.get('[role=listbox]').attributes('aria-busy')).toBe('true')
    vi.advanceTimersByTime(200)
    await answer('LD-001')
    expect(step.emitted<[{ code: string }]>('choose')?.map(([item]) => item.code)).toEqual(['LD-001'])
  })

  it('forgets an Enter when something else is typed', async () => {
    const { step, answer } = await typed('LD')
    await step.get('input').trigger('keydown.enter')
    vi.advanceTimersByTime(200)
    await step.get('input').setValue('LD-0')
    await answer('LD-001')
    expect(step.emitted('choose')).toBeUndefined()
  })

  it('takes the marked item at once when the list is there', async () => {
    const { step, answer } = await typed('LD-001')
    vi.advanceTimersByTime(200)
    await answer('LD-001')
    await step.get('input').trigger('keydown.enter')
    expect(step.emitted('choose')).toHaveLength(1)
  })
})
