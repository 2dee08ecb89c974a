import { describe, expect, it } from 'vitest'
import { isEmail } from './email'

describe('an e-mail address', () => {
  it('has a name and a domain with a dot', () => {
    for (const good of ['a@b.cn', ' wang.xiulan+hrss@mail.example.org ']) expect(isEmail(good)).toBe(true)
    for (const bad of ['', 'a', 'a@b', '@b.cn', 'a b@c.cn', 'a@b@c.cn', 'a@b..cn']) expect(isEmail(bad)).toBe(false)
  })
})
