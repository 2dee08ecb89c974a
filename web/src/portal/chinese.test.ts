import { expect, it } from 'vitest'

const CHINESE = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]/
const sources = import.meta.glob<string>(
  ['/src/{portal,shared}/**/*.{ts,vue}', '/src/features/*/{components,composables,views}/**/*.{ts,vue}', '!/src/**/*.test.ts', '!/src/**/locales/**', '!/src/**/staff/**', '!/src/**/generated/**'],
  { query: '?raw', import: 'default', eager: true }
)
/** The mark of the bureau, the other language by its own name, and citations of Chinese law. */
const MEANT = [/<svg class="mark" lang="zh-CN".*<\/svg>/, "['zh-CN', '中文']", 'lang="zh-CN">{{ guide.basis.join(\'；\') }}']
const COMMENTS = /\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|^\s*\/\/.*$/gm

it('pages take their words from the word files', () => {
  const found = Object.entries(sources).flatMap(([file, text]) =>
    MEANT.reduce<string>((rest, meant) => rest.replace(meant, ''), text.replace(COMMENTS, '')).split('\n').filter((line) => CHINESE.test(line)).map((line) => `${file}: ${line.trim()}`))
  expect(Object.keys(sources).length).toBeGreaterThan(100)
  expect(found).toEqual([])
})
