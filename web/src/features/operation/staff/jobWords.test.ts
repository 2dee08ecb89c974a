import { describe, expect, it } from 'vitest'
import { jobName } from './jobWords'

describe('words for background work', () => {
  it('tells a known job in words and another by its name', () => {
    expect(jobName('messages.send')).toBe('发短信、邮件')
    expect(jobName('other.thing')).toBe('other.thing')
  })
})
