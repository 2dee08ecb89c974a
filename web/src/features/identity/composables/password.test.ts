import { describe, expect, it } from 'vitest'
import { isStrong } from './password'

describe('a password', () => {
  it.each(['Yunchuan-2026', 'shan1高水长流云川', 'ABCDEFGh1!'])('%s is strong', (password) => {
    expect(isStrong(password)).toBe(true)
  })

  it.each(['Ab1-short', 'onlyletters', '山高水长风景好呀真的好', 'lowercase2026'])('%s is weak', (password) => {
    expect(isStrong(password)).toBe(false)
  })
})
