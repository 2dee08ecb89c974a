import { describe, expect, it } from 'vitest'
import type { Board, BoardFigures } from '@/shared/api'
import { casesOf, countedBy, isListable, narrowedTo, orgsOf, ratingsOf } from './drill'

const board = { from: '2026-11-01', to: '2026-11-30', orgs: ['180100'] }
const basis = { on_time: { numerator: 7, denominator: 9 }, one_visit: { numerator: 4, denominator: 4 } }
const figures = { accepted: 12, closed: 0, decided: 9, overdue: 2, basis } as BoardFigures

describe('the way from a figure to its cases', () => {
  it('takes the filter and the days along under the names of the list', () => {
    const filter = { period: '30', item: 'JY-009', bureau: '180100', channel: 'online' }
    expect(countedBy('accepted', figures).map((one) => casesOf(one, filter, board))).toEqual([{
      path: '/cases', query: { item: 'JY-009', org: '180100', channel: 'online', accepted_from: '2026-11-01', accepted_to: '2026-11-30' }
    }])
    expect(countedBy('mean_working_days', figures).map((one) => casesOf(one, {}, { ...board, orgs: [] }).query)).toEqual([{ decided_from: '2026-11-01', decided_to: '2026-11-30' }])
  })

  it('tells those with the mark of a rate from those without', () => {
    const [on, late] = countedBy('on_time_rate', figures)
    expect([on?.cases, late?.cases]).toEqual([7, 2])
    expect(casesOf(late!, {}, board).query).toMatchObject({ on_time: 'false', decided_from: '2026-11-01' })
    expect(countedBy('one_visit_rate', figures).map((one) => casesOf(one, {}, board).query)).toEqual([{ org: '180100', one_visit: 'true', delivered_from: '2026-11-01', delivered_to: '2026-11-30' }])
  })

  it('leads to what is overdue now, whatever days are chosen, and to nothing where there is nothing', () => {
    const [overdue] = countedBy('overdue', figures)
    expect(casesOf(overdue!, {}, { ...board, orgs: ['180100/labour', '180100/cards'] }).query).toEqual({ org: '180100/labour,180100/cards', clock: 'overdue', order: 'due' })
    expect(countedBy('closed', figures)).toEqual([])
  })

  it('is not offered for a field, which is many items', () => {
    expect(isListable({ domain: '就业' })).toBe(false)
    expect(isListable({ domain: '就业', item: 'JY-009' })).toBe(true)
  })
})

describe('the way from ratings to their list', () => {
  const rated = { ...board, ratings: { from: '2026-10-01', to: '2026-11-30', rated: 12, visible: true } as Board['ratings'] }

  it('names the months, and what the list can be narrowed to', () => {
    expect(ratingsOf({ item: 'JY-009' }, rated, 5)).toEqual({ path: '/ratings', query: { from: '2026-10', to: '2026-11', item: 'JY-009', org: '180100', stars: '5' } })
    expect(ratingsOf({ channel: 'window' }, rated)).toBeUndefined()
    expect(ratingsOf({ hall: '180100/hall' }, rated)).toBeUndefined()
    expect(ratingsOf({}, { ...rated, ratings: { ...rated.ratings, visible: false } })).toBeUndefined()
  })
})

describe('from all to one', () => {
  it('keeps what does not contradict', () => {
    const filter = { period: '7', domain: '就业', bureau: '180102', org: '180102/labour' }
    expect(narrowedTo('item', { key: 'JY-009' }, filter)).toEqual({ period: '7', bureau: '180102', org: '180102/labour', item: 'JY-009' })
    expect(narrowedTo('bureau', { key: '180100' }, filter)).toEqual({ period: '7', domain: '就业', bureau: '180100' })
    expect(narrowedTo('channel', { key: 'window' }, filter)).toEqual({ ...filter, channel: 'window' })
    expect(narrowedTo('hall', { key: '180102/hall' }, { ...filter, channel: 'online' })).toEqual({ ...filter, hall: '180102/hall' })
  })

  it('lists an agency as far as it is counted', () => {
    expect(orgsOf('bureau', { key: '180100' }, { orgs: ['180100/labour'], whole_city: false })).toEqual(['180100/labour'])
    expect(orgsOf('bureau', { key: '180100' }, { orgs: [], whole_city: true })).toEqual(['180100'])
    expect(orgsOf('org', { key: '180100/labour' }, { orgs: ['180100'], whole_city: false })).toEqual(['180100/labour'])
  })
})
