import { describe, expect, it } from 'vitest'
import type { Calculated } from '@/shared/api'
import { openLines, reachedOn } from './reached'

const words = (zh: string) => ({ zh, en: '' })
const result = (facts: Calculated['facts']): Calculated => ({
  headline: words(''), notes: [], facts, lines: Object.keys(facts).map((fact) => ({ fact, label: words(fact), value: words('') }))
})
const factsOf = (facts: Calculated['facts']) => openLines(result(facts), '2026-11-30').map(({ fact }) => fact)

describe('the result for somebody who is of age already', () => {
  it('knows the day, from the day itself on', () => {
    expect(reachedOn(result({ legal_day: '2013-05-05' }), '2026-11-30')).toBe('2013-05-05')
    expect(reachedOn(result({ legal_day: '2026-11-30' }), '2026-11-30')).toBe('2026-11-30')
    expect(reachedOn(result({ legal_day: '2026-12-01' }), '2026-11-30')).toBeUndefined()
    expect(reachedOn(result({}), '2026-11-30')).toBeUndefined()
  })

  it('offers no month that has gone', () => {
    expect(factsOf({ legal_day: '2013-05-05', earliest_month: '2013-05', latest_month: '2016-05' })).toEqual(['legal_day'])
    expect(factsOf({ legal_day: '2026-11-05', earliest_month: '2026-10', latest_month: '2029-11' })).toEqual(['legal_day', 'latest_month'])
    expect(factsOf({ earliest_month: '2026-11' })).toEqual(['earliest_month'])
  })
})
