// @vitest-environment node
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import en from './en'
import zh from './zh-CN'

it('the filter by state has the words in which the server tells a state', () => {
  const states = readFileSync(new URL('../../../../../../casework/src/state.rs', import.meta.url), 'utf8')
  const told = [...states.matchAll(/= \d+, "(\w+)", "([^"]+)", "([^"]+)";/g)].filter(([, code]) => code !== 'DRAFT')
  expect(told.length).toBe(18)
  expect(zh.cases.states).toEqual(Object.fromEntries(told.map(([, code, chinese]) => [code, chinese])))
  expect(en.cases.states).toEqual(Object.fromEntries(told.map(([, code, , english]) => [code, english])))
})
