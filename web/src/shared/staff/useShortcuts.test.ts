import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { keyOf, useShortcuts, type Shortcuts } from './useShortcuts'

const page = (keys: Shortcuts) => mount(defineComponent({ setup: () => { useShortcuts(keys); return () => h('div', [h('input'), h('button')]) } }), { attachTo: document.body })
const press = (target: Element, init: KeyboardEventInit) => target.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }))

afterEach(() => { document.body.innerHTML = '' })

describe('shortcuts', () => {
  it('names a combination by its letter, whatever Alt makes of it', () => {
    expect(keyOf(new KeyboardEvent('keydown', { key: 'å', code: 'KeyA', altKey: true }))).toBe('alt+a')
    expect(keyOf(new KeyboardEvent('keydown', { key: 'K', ctrlKey: true }))).toBe('ctrl+k')
  })

  it('rests while somebody types', () => {
    const next = vi.fn(), find = vi.fn()
    const wrapper = page({ j: next, 'ctrl+k': find })
    const input = wrapper.find('input').element
    press(input, { key: 'j' })
    press(input, { key: 'k', ctrlKey: true })
    expect(next).not.toHaveBeenCalled()
    expect(find).toHaveBeenCalledOnce()
  })

  it('rests behind an open dialog', () => {
    const next = vi.fn()
    const wrapper = page({ j: next })
    document.body.insertAdjacentHTML('beforeend', '<dialog open></dialog>')
    press(wrapper.find('button').element, { key: 'j' })
    expect(next).not.toHaveBeenCalled()
  })

  it('stops with its page', () => {
    const next = vi.fn()
    const wrapper = page({ j: next })
    wrapper.unmount()
    press(document.body, { key: 'j' })
    expect(next).not.toHaveBeenCalled()
  })
})
