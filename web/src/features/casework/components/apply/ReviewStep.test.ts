import { mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { ref, shallowRef } from 'vue'
import { ApiProblem, type CaseDraft } from '@/shared/api'
import type { Apply } from '../../composables/useApply'
import ReviewStep from './ReviewStep.vue'

const words = { zh: '', en: '' }
const draft = { name: words, materials: [], declaration: words, form: { format: 1, schema: { type: 'object', properties: {} }, fields: {}, layout: [] } } as unknown as CaseDraft

describe('the page that reads everything back', () => {
  it('says why nothing is submitted when what was typed could not be saved, and tries again', async () => {
    const save = vi.fn(async () => true)
    const apply = {
      draft: { saveProblem: shallowRef(new ApiProblem('offline')), save }, errors: shallowRef([]), declared: ref(true), electronic: ref(false), promised: new Set(),
      submit: { problem: shallowRef(), busy: ref(false) }, errorOf: () => undefined
    } as unknown as Apply
    const page = mount(ReviewStep, { props: { draft, data: {}, facts: {}, apply }, global: { stubs: { SaveState: true } } })
    expect(page.get('[role=alert]').text()).toContain('网络断了')
    await page.get('[role=alert] button').trigger('click')
    expect(save).toHaveBeenCalledOnce()
  })
})
