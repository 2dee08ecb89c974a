import { describe, expect, it } from 'vitest'
import { safeNext } from './next'

describe('where to go after signing in', () => {
  it('stays on this site', () => {
    expect(safeNext('/items/JY-009/apply')).toBe('/items/JY-009/apply')
    for (const bad of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '/sign-in', undefined, ['/a']]) {
      expect(safeNext(bad)).toBe('/')
    }
  })
})
