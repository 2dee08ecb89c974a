import { describe, expect, it } from 'vitest'
import { shortTime } from './shortTime'

const now = Date.parse('2026-11-23T10:00:00+08:00')

describe('time in a column', () => {
  it('says today, then month and day, and the year of another year', () => {
    expect(shortTime('2026-11-23T00:05:00+08:00', now)).toBe('今天 00:05')
    expect(shortTime('2026-11-22T16:30:00Z', now)).toBe('今天 00:30')
    expect(shortTime('2026-11-20T14:32:00+08:00', now)).toBe('11-20 14:32')
    expect(shortTime('2025-12-31T09:00:00+08:00', now)).toBe('2025-12-31 09:00')
  })

  it('is empty for no time', () => {
    expect(shortTime('')).toBe('')
  })
})
