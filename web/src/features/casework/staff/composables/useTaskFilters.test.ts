import { describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick } from 'vue'
import { useTaskFilters, viewNamed } from './useTaskFilters'

const filters = (query: Record<string, string>, changed = vi.fn()) => effectScope().run(() => useTaskFilters(query, changed))!

describe('filters of the inbox', () => {
  it('reads view, filters and order from the address', () => {
    const { query } = filters({ view: 'overdue', item: 'SB-084', order: 'newest', from: '2026-11-01' })
    expect(query.value).toMatchObject({ view: 'overdue', item: 'SB-084', order: 'newest', from: '2026-11-01' })
  })

  it('takes an unknown view for the whole list', () => {
    expect(viewNamed('everything')).toBe('all')
  })

  it('never puts the text into the address: it may be a citizen number', () => {
    const { fields, address, query } = filters({ view: 'mine' })
    fields.query = ' 18010219880317123X '
    expect(query.value.query).toBe('18010219880317123X')
    expect(address.value).toEqual({ view: 'mine' })
  })

  it('tells every change once', async () => {
    const changed = vi.fn()
    const { fields, view } = filters({}, changed)
    fields.stage = 'review'
    view.value = 'mine'
    await nextTick()
    expect(changed).toHaveBeenCalledOnce()
  })

  it('clears the filters and keeps the view', () => {
    const { fields, view, isNarrowed, clear } = filters({ view: 'mine', channel: 'online' })
    expect(isNarrowed.value).toBe(true)
    clear()
    expect([fields.channel, view.value, isNarrowed.value]).toEqual(['', 'mine', false])
  })
})
