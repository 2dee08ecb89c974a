import { describe, expect, it } from 'vitest'
import type { CaseView } from '@/shared/api'
import { acceptanceOf, isHandedOn, outcomeOf } from './useCase'

const view = (more: Partial<CaseView>) => ({ clocks: [], ...more }) as unknown as CaseView
const clock = (kind: string, stopped?: string) => ({ kind, due_on: '2026-11-25', provisional: false, stopped_at: stopped }) as unknown as CaseView['clocks'][number]

describe('what a case tells its applicant', () => {
  it('says by when the window answers what was corrected, while that time runs', () => {
    const clocks = [clock('promised', '2026-11-20T02:00:00Z'), clock('acceptance')]
    expect(acceptanceOf(view({ state: 'CORRECTED', clocks }))?.due_on).toBe('2026-11-25')
    expect(acceptanceOf(view({ state: 'CORRECTED', clocks: [clock('acceptance', '2026-11-20T02:00:00Z')] }))).toBeUndefined()
    expect(acceptanceOf(view({ state: 'RECEIVED', clocks }))).toBeUndefined()
  })

  it('says that a case of an instant item is with a person, while one looks at it', () => {
    expect(isHandedOn({ kind: 'instant', state: 'REVIEWING' })).toBe(true)
    expect(isHandedOn({ kind: 'instant', state: 'DECIDING' })).toBe(true)
    expect(isHandedOn({ kind: 'instant', state: 'DELIVERED' })).toBe(false)
    expect(isHandedOn({ kind: 'promised', state: 'REVIEWING' })).toBe(false)
  })

  it('names the outcome where the state tells only how far the result has got', () => {
    expect(outcomeOf({ state: 'DELIVERED', outcome: 'granted' })).toBe('granted')
    expect(outcomeOf({ state: 'READY', outcome: 'denied' })).toBe('denied')
    expect(outcomeOf({ state: 'GRANTED', outcome: 'granted' })).toBeUndefined()
    expect(outcomeOf({ state: 'WITHDRAWN' })).toBeUndefined()
  })
})
