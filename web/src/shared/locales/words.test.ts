import { describe, expect, it, vi } from 'vitest'

type Tree = { [key: string]: unknown }
const defined = vi.hoisted(() => [] as { zh: Tree; others: { en?: () => Promise<{ default: Tree }> } }[])
vi.mock('@/shared/locales', () => ({ lang: { value: 'zh-CN' }, defineWords: (zh: Tree, others = {}) => { defined.push({ zh, others }); return zh } }))

const CHINESE = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]/
const files = import.meta.glob(['/src/**/locales/*.ts', '!/src/**/*.test.ts', '!/src/shared/locales/index.ts'])

/** The shape of words: the same keys, the same kinds of values, functions of as many parameters. */
function shapeOf(value: unknown): unknown {
  if (typeof value === 'function') return `takes ${value.length}`
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, shapeOf(inner)]))
}

/** All texts of words with the way to them; functions as they are written. */
function textsOf(value: unknown, path: string): [string, string][] {
  if (typeof value === 'function') return [[path, String(value)]]
  if (typeof value === 'string') return [[path, value]]
  return Object.entries(value as Tree).flatMap(([key, inner]) => textsOf(inner, `${path}.${key}`))
}

describe('words in both languages', async () => {
  const found: { file: string; zh: Tree; en: Tree | undefined }[] = []
  for (const [file, load] of Object.entries(files)) {
    const before = defined.length
    await load()
    for (const { zh, others } of defined.slice(before)) found.push({ file, zh, en: (await others.en?.())?.default })
  }

  it('are found', () => expect(found.length).toBeGreaterThan(10))

  it.each(found)('have English of the same shape: $file', ({ zh, en }) => {
    expect(en && shapeOf(en)).toEqual(shapeOf(zh))
  })

  it.each(found)('hold no Chinese in English, and nothing empty: $file', ({ zh, en = {} }) => {
    expect(textsOf(en, '').filter(([, text]) => CHINESE.test(text))).toEqual([])
    expect([...textsOf(zh, ''), ...textsOf(en, '')].filter(([, text]) => !text.trim())).toEqual([])
  })
})
