import { ref, shallowReactive } from 'vue'
import { setApiLanguage, type Words } from '@/shared/api'

export type Lang = 'zh-CN' | 'en'

/** The language of the page. */
export const lang = ref<Lang>('zh-CN')

type Loader = () => Promise<void>
const loaders: Partial<Record<Lang, Loader>>[] = []

/**
 * The words of one feature. Chinese is compiled in; another language has the same type, is loaded
 * when it is chosen and replaces the words in place.
 */
export function defineWords<T extends object>(zh: T, others: Partial<Record<Lang, () => Promise<{ default: T }>>> = {}): T {
  const words = shallowReactive({ ...zh })
  const replace: Partial<Record<Lang, Loader>> = { 'zh-CN': async () => void Object.assign(words, zh) }
  for (const [language, load] of Object.entries(others)) {
    replace[language as Lang] = async () => void Object.assign(words, (await load()).default)
  }
  loaders.push(replace)
  return words as T
}

/** Changes the language of everything that has words in it. */
export async function setLang(next: Lang): Promise<void> {
  await Promise.all(loaders.map((entry) => (entry[next] ?? entry['zh-CN'])?.()))
  lang.value = next
  document.documentElement.lang = next
  setApiLanguage(next)
}

/** Picks the language of the page out of words in both; Chinese where English is not written. */
export function pick(words: Words | null | undefined): string {
  if (!words) return ''
  return lang.value === 'en' && words.en ? words.en : words.zh
}
