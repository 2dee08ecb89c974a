import { describe, expect, it } from 'vitest'
import { actNamed, actsOf, keyLabel } from './acts'

describe('acts', () => {
  it('shows only what the server allows, main act first', () => {
    expect(actsOf(['refuse_acceptance', 'correct', 'accept']).map((act) => act.label)).toEqual(['受理', '一次性补正', '不予受理'])
    expect(actsOf([])).toEqual([])
  })

  it('understands the spelling of addresses', () => {
    expect(actNamed('pre-return')?.name).toBe('pre_return')
    expect(actNamed('site-check/confirm')?.name).toBe('confirm_site_check')
  })

  it('leaves out names that it does not know', () => {
    expect(actsOf(['claim', 'review']).map((act) => act.name)).toEqual(['review'])
  })

  it('never puts two acts that are offered together on one key', () => {
    for (const stage of [['pre_pass', 'pre_return', 'accept', 'correct', 'refuse_acceptance'], ['review'], ['decide'], ['make'], ['hand_out'], ['retry']]) {
      const keys = actsOf(stage).map((act) => act.key)
      expect(new Set(keys).size).toBe(keys.length)
    }
  })

  it('writes keys as people read them', () => {
    expect(keyLabel('alt+a')).toBe('Alt A')
  })
})
