import { describe, expect, it } from 'vitest'
import { boxesOf, boxesOfMonth, dayOfBoxes, isDay, monthOfBoxes } from './day'

describe('three boxes of a date', () => {
  it('goes there and back', () => {
    expect(boxesOf('2026-11-05')).toEqual({ y: '2026', m: '11', d: '5' })
    expect(dayOfBoxes({ y: '2026', m: '1', d: '5' })).toBe('2026-01-05')
    expect(boxesOfMonth('2026-03')).toEqual({ y: '2026', m: '3', d: '' })
    expect(monthOfBoxes({ y: '2026', m: '3', d: '' })).toBe('2026-03')
  })

  it('reads the full-width digits of a Chinese keyboard', () => {
    expect(dayOfBoxes({ y: '１９７０', m: '５', d: '１２' })).toBe('1970-05-12')
    expect(monthOfBoxes({ y: '２０２６', m: ' ３', d: '' })).toBe('2026-03')
  })

  it('is empty when nothing is typed, and wrong when half is', () => {
    expect(dayOfBoxes({ y: '', m: '', d: '' })).toBe('')
    expect(isDay(dayOfBoxes({ y: '2026', m: '', d: '5' }))).toBe(false)
  })

  it('knows which days exist', () => {
    expect(isDay('2024-02-29')).toBe(true)
    expect(isDay('2026-02-29')).toBe(false)
    expect(isDay('2026-13-01')).toBe(false)
    expect(isDay('1026-01-01')).toBe(false)
  })
})
