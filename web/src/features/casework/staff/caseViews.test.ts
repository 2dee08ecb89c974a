import { describe, expect, it } from 'vitest'
import { builtIn, countWords, filterFrom, isSame, moved } from './caseViews'

describe('views of the list of cases', () => {
  it('stand in the address as they are kept, and nothing else does', () => {
    const filter = filterFrom({ order: 'due', state: 'CORRECTING', item: '', name: '王秀兰', org: ['a', 'b'] })
    expect(filter).toEqual({ state: 'CORRECTING', order: 'due' })
  })

  it('take along what figures count', () => {
    const query = { decided_from: '2026-11-01', decided_to: '2026-11-30', on_time: 'false', hours: '1' }
    expect(filterFrom(query)).toEqual({ decided_from: '2026-11-01', decided_to: '2026-11-30', on_time: 'false' })
  })

  it('are found again whatever the order of their fields', () => {
    expect(isSame({ order: 'due', clock: 'today', item: '' }, { clock: 'today', order: 'due' })).toBe(true)
    expect(isSame({ clock: 'today' }, { clock: 'overdue' })).toBe(false)
    expect(builtIn().every((view, at) => builtIn().findIndex((other) => isSame(other.filter, view.filter)) === at)).toBe(true)
  })

  it('change places and stay at either end', () => {
    expect(moved(['a', 'b', 'c'], 1, -1)).toEqual(['b', 'a', 'c'])
    expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c'])
    expect(moved(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c'])
  })

  it('say where counting ended early', () => {
    expect([{ cases: 12, more: false }, { cases: 999, more: true }, { cases: 0, more: true }, { cases: 0, more: false }].map(countWords)).toEqual(['12', '999+', '', '0'])
  })
})
