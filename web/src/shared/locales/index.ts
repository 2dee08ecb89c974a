import { ref, shallowReactive } from 'vue'
import { setApiLanguage, type Words } from '@/shared/api'

export type Lang = 'zh-CN' | 'en'

const STORE = 'yici.lang'

/** The language of the page. */
export const lang = ref<Lang>('zh-CN')

interface Entry { take: (words: object) => void; load: (next: Lang) => Promise<object> }
const entries: Entry[] = []
/** The language that the page has or is about to have. */
let wanted: Lang = 'zh-CN'
/** Words on their way to pages that were opened in another language than Chinese. */
const coming = new Set<Promise<void>>()

/**
 * The words of one feature. Chinese is compiled in; another language has the same type, is loaded
 * when it is chosen and replaces the words in place.
 */
export function defineWords<T extends object>(zh: T, others: Partial<Record<Lang, () => Promise<{ default: T }>>> = {}): T {
  const words = shallowReactive({ ...zh })
  const entry: Entry = {
    take: (told) => void Object.assign(words, told),
    load: async (next) => (await others[next]?.())?.default ?? zh
  }
  entries.push(entry)
  if (wanted !== 'zh-CN') follow(entry, wanted)
  return words as T
}

/** A feature that is opened later gets the language of the page; without it, its words stay Chinese. */
function follow(entry: Entry, language: Lang): void {
  const loading = entry.load(language).then((told) => { if (wanted === language) entry.take(told) }, () => undefined).finally(() => coming.delete(loading))
  coming.add(loading)
}

/** Waits for the words of what was opened last, so that no page shows another language first. */
export async function wordsReady(): Promise<void> {
  await Promise.all(coming)
}

/** Changes the language of everything that has words in it, all at once, and remembers it on this device. */
export async function setLang(next: Lang): Promise<void> {
  const before = wanted
  wanted = next
  try {
    const known = [...entries]
    const told = await Promise.all(known.map((entry) => entry.load(next)))
    if (wanted !== next) return
    known.forEach((entry, at) => entry.take(told[at] ?? {}))
  } catch (cause) {
    if (wanted === next) wanted = before
    throw cause
  }
  document.documentElement.lang = next
  setApiLanguage(next)
  lang.value = next
  try {
    localStorage.setItem(STORE, next)
  } catch {
    // A browser that keeps nothing still shows the language on this page.
  }
}

/** The language that was chosen on this device, or else the one that the address asks for, as a guide does. */
export async function restoreLang(): Promise<void> {
  if ((remembered() ?? new URLSearchParams(location.search).get('lang')) === 'en') await setLang('en')
}

function remembered(): string | null {
  try {
    return localStorage.getItem(STORE)
  } catch {
    return null
  }
}

/** Picks the language of the page out of words in both; Chinese where English is not written. */
export function pick(words: Words | null | undefined): string {
  if (!words) return ''
  return lang.value === 'en' && words.en ? words.en : words.zh
}
