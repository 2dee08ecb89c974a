import { describe, expect, it } from 'vitest'
import shared from '../../../../forms/conditions.json'
import { NotACondition, readCondition } from '.'

const values = { reason: 'quit', age: 52, agree: true, empty: null, low: -3 }
const test = (source: string) => readCondition(source).test(values)

describe('conditions of forms', () => {
  it.each([
    ['reason = "quit"', true],
    ['reason != "quit"', false],
    ['age >= 50 and age < 60', true],
    ['age < 50 or reason = "quit"', true],
    ['reason in ["end", "quit"]', true],
    ['reason in ["end"]', false],
    ['missing in [null]', true],
    ['not(agree)', false],
    ['not(reason = "end") and agree', true],
    ['(age < 50 or agree) and reason != "end"', true],
    ['low = -3', true],
    ['"b" > "a"', true],
    ['true', true]
  ])('%s', (source, value) => {
    expect(test(source)).toBe(value)
  })

  it('keeps three values', () => {
    expect(test('missing = null')).toBe(true)
    expect(test('age = null')).toBe(false)
    expect(test('age = "52"')).toBeNull()
    expect(test('age != "52"')).toBeNull()
    expect(test('missing > 1')).toBeNull()
    expect(test('missing > 1 and not(agree)')).toBe(false)
    expect(test('missing > 1 or agree')).toBe(true)
    expect(test('not(missing)')).toBeNull()
    expect(test('reason')).toBeNull()
    expect(test('age in ["52"]')).toBe(false)
  })

  it('knows only what is in the data', () => {
    expect(test('constructor = null')).toBe(true)
    expect(test('toString = null')).toBe(true)
  })

  it('orders texts by code point, also beyond the basic plane', () => {
    expect(readCondition('a < b').test({ a: '\uFFFD', b: '\u{20000}' })).toBe(true)
  })

  it('tells the names that it asks for', () => {
    expect(readCondition('a = 1 and not(b in ["x"]) or c').names).toEqual(['a', 'b', 'c'])
  })

  it.each(['a =', 'a b', 'a ? b', '(a', 'a in [b]', 'count(a) > 1', 'a + 1 = 2', ''])('refuses “%s”', (source) => {
    expect(() => readCondition(source)).toThrow(NotACondition)
  })
})

describe('the cases that the server passes too', () => {
  it.each(shared as { feel: string; scope: Record<string, unknown>; result: boolean | null }[])('$feel with $scope', ({ feel, scope, result }) => {
    expect(readCondition(feel).test(scope)).toBe(result)
  })
})
