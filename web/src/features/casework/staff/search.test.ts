import { describe, expect, it } from 'vitest'
import { soughtText } from './search'

describe('what is looked for', () => {
  it.each(['110105 19491231 002x', '11010519491231002X'])('of a citizen number %s only the end is sent', (typed) => {
    expect(soughtText(typed)).toBe('002X')
  })

  it('of a credit code only the end is sent', () => {
    expect(soughtText('91350100M000100Y43')).toBe('0Y43')
  })

  it.each(['180100SB084202611230001', '王秀兰', '002X', '110105194912310021'])('%s is sent as it is', (typed) => {
    expect(soughtText(` ${typed} `)).toBe(typed)
  })
})
