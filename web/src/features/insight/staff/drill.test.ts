import { describe, expect, it } from 'vitest'
import { casesOf, isListable, narrowedTo } from './drill'

const days = { from: '2026-11-01', to: '2026-11-30' }

describe('the way from a figure to its cases', () => {
  it('takes the filter and the days along under the names of the list', () => {
    const filter = { period: '30', item: 'JY-009', bureau: '180100', channel: 'online' }
    expect(casesOf('accepted', filter, days)).toEqual({
      path: '/cases', query: { item: 'JY-009', bureau: '180100', org: '180100', channel: 'online', accepted_from: '2026-11-01', accepted_to: '2026-11-30' }
    })
    expect(casesOf('decided', {}, days).query).toEqual({ decided_from: '2026-11-01', decided_to: '2026-11-30' })
  })

  it('leads to what is overdue now, whatever days are chosen', () => {
    expect(casesOf('overdue', { org: '180100/labour' }, days).query).toEqual({ org: '180100/labour', clock: 'overdue', order: 'due' })
  })

  it('is not offered for a field, which is many items', () => {
    expect(isListable({ domain: '就业' })).toBe(false)
    expect(isListable({ domain: '就业', item: 'JY-009' })).toBe(true)
  })
})

describe('from all to one', () => {
  it('keeps what does not contradict', () => {
    const filter = { period: '7', domain: '就业', bureau: '180102', org: '180102/labour' }
    expect(narrowedTo('item', { key: 'JY-009' }, filter)).toEqual({ period: '7', bureau: '180102', org: '180102/labour', item: 'JY-009' })
    expect(narrowedTo('bureau', { key: '180100' }, filter)).toEqual({ period: '7', domain: '就业', bureau: '180100' })
    expect(narrowedTo('channel', { key: 'window' }, filter)).toEqual({ ...filter, channel: 'window' })
  })
})
