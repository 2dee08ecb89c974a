import { mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { ref, shallowRef } from 'vue'
import type { CaseDraft } from '@/shared/api'
import type { Draft } from '../../composables/useDraft'
import ClashDialog from './ClashDialog.vue'

const words = (zh: string) => ({ zh, en: '' })
const shown = { form: { fields: { wish: { label: words('想找'), widget: 'text' }, place: { label: words('住在哪里'), widget: 'text' } } } } as unknown as CaseDraft

describe('fields that two people have filled in differently', () => {
  it('are shown with both values, and saved when each has an answer', async () => {
    const chosen: boolean[] = []
    const settle = vi.fn(async (isMine: (field: string) => boolean) => chosen.push(isMine('wish'), isMine('place')) > 0)
    const clashes = shallowRef([{ field: 'wish', mine: '仓库', theirs: '门卫' }, { field: 'place', mine: '东湖区', theirs: undefined }])
    const draft = { draft: shallowRef(shown), clashes, saving: ref(false), settle } as unknown as Draft
    const page = mount(ClashDialog, { attachTo: document.body, props: { draft } })
    for (const text of ['仓库', '门卫', '东湖区', '没有填']) expect(page.text()).toContain(text)
    const send = () => page.get('.actions button').trigger('click')
    await page.get('[name=clash-wish][value=theirs]').setValue(true)
    await send()
    expect([settle.mock.calls.length, document.activeElement?.id]).toEqual([0, 'clash-place'])
    await page.get('[name=clash-place][value=mine]').setValue(true)
    await send()
    expect(settle).toHaveBeenCalledOnce()
    expect(chosen).toEqual([false, true])
    page.unmount()
  })
})
