import { describe, expect, it } from 'vitest'

const CHINESE = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]/
const sources = import.meta.glob<string>(['/src/features/*/staff/**/*.{vue,ts}', '/src/workbench/**/*.{vue,ts}', '!/src/**/locales/*', '!/src/**/*.test.ts'], { query: '?raw', import: 'default', eager: true })

describe('sources of the workbench', () => {
  it('are found', () => expect(Object.keys(sources).length).toBeGreaterThan(100))

  it('have all their words in files of words', () => {
    const left = Object.entries(sources).flatMap(([file, text]) => text.split('\n').filter((line) => CHINESE.test(line)).map((line) => `${file}: ${line.trim()}`))
    expect(left).toEqual([])
  })
})
