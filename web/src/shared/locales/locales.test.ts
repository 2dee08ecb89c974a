import { afterEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { defineWords, lang, pick, restoreLang, setLang, wordsReady } from '.'
import { retell } from './retell'

afterEach(async () => {
  await setLang('zh-CN')
  localStorage.clear()
  history.replaceState(null, '', '/')
})

const english = (title: string) => async () => ({ default: { title } })

describe('the language of the page', () => {
  it('changes all words at once, the document and what is remembered', async () => {
    const first = defineWords({ title: '甲' }, { en: english('One') }), second = defineWords({ title: '乙' }, { en: english('Two') })
    await setLang('en')
    expect([first.title, second.title, lang.value, document.documentElement.lang]).toEqual(['One', 'Two', 'en', 'en'])
    expect(localStorage.getItem('yici.lang')).toBe('en')
    expect(pick({ zh: '丙', en: 'Three' })).toBe('Three')
    expect(pick({ zh: '丙', en: '' })).toBe('丙')
    await setLang('zh-CN')
    expect([first.title, lang.value]).toEqual(['甲', 'zh-CN'])
  })

  it('is that of words which are opened later', async () => {
    await setLang('en')
    const late = defineWords({ title: '迟' }, { en: english('Late') })
    await wordsReady()
    expect(late.title).toBe('Late')
  })

  it('stays as it is when words do not come', async () => {
    const load = vi.fn(english('Here')).mockRejectedValueOnce(new Error('offline'))
    const words = defineWords({ title: '在' }, { en: load })
    await expect(setLang('en')).rejects.toThrow('offline')
    expect([words.title, lang.value, localStorage.getItem('yici.lang')]).toEqual(['在', 'zh-CN', null])
    await setLang('en')
    expect(words.title).toBe('Here')
  })

  it('is the one that was asked for last', async () => {
    let resolve = (_words: { default: { title: string } }) => {}
    const promise = new Promise<{ default: { title: string } }>((done) => { resolve = done })
    const slow = defineWords({ title: '慢' }, { en: () => promise })
    const first = setLang('en')
    await setLang('zh-CN')
    resolve({ default: { title: 'Slow' } })
    await first
    expect([slow.title, lang.value]).toEqual(['慢', 'zh-CN'])
  })

  it('is restored from the device before the address', async () => {
    history.replaceState(null, '', '/?lang=en')
    localStorage.setItem('yici.lang', 'zh-CN')
    await restoreLang()
    expect(lang.value).toBe('zh-CN')
    localStorage.clear()
    await restoreLang()
    expect(lang.value).toBe('en')
  })

  it('is followed by errors that were told before', async () => {
    const words = defineWords({ title: '请填写' }, { en: english('Please fill it in') })
    const told = [{ id: 'a', text: words.title }, { id: 'gone', text: '另一处' }]
    retell(() => told, () => [{ id: 'a', text: words.title }])
    await setLang('en')
    await nextTick()
    expect(told.map(({ text }) => text)).toEqual(['Please fill it in', '另一处'])
  })
})
