import { mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { ref, shallowRef } from 'vue'
import type { StaffCase } from '@/shared/api'
import { actNamed } from '../../acts'
import type { StaffCaseState } from '../../composables/useStaffCase'
import LinesDialog from './LinesDialog.vue'
import SiteCheckDialog from './SiteCheckDialog.vue'

const words = (zh: string) => ({ zh, en: '' })
const shown = { materials: [{ id: 'proof', name: words('离职证明'), standard: words(''), needed: true }], form: { fields: {}, layout: [] } } as unknown as StaffCase
const stateOf = (run: () => Promise<boolean>) => ({ run, actProblem: shallowRef(), isStale: ref(false), busy: ref(false) }) as unknown as StaffCaseState

function open(dialog: typeof LinesDialog | typeof SiteCheckDialog, name: string) {
  const run = vi.fn(async () => true)
  const page = mount(dialog, { attachTo: document.body, props: { shown, act: actNamed(name)!, state: stateOf(run), open: true } })
  return { run, page, send: () => page.get('.actions button:last-child').trigger('click'), errorOf: (id: string) => document.getElementById(document.getElementById(id)?.getAttribute('aria-describedby') ?? '')?.textContent }
}

describe('dialogs of acts that lack something', () => {
  it('lead to the line of a notice that lacks words, and tie the words of the fault to it', async () => {
    const { run, page, send, errorOf } = open(LinesDialog, 'correct')
    await send()
    expect(document.activeElement?.id).toBe('material:proof-on')
    await page.get('[type=checkbox]').setValue(true)
    await send()
    expect(document.activeElement?.id).toBe('material:proof-defect')
    expect([errorOf('material:proof-defect'), errorOf('material:proof-fix')]).toEqual(['请写明问题', '请写明怎么改'])
    await page.get('[id="material:proof-defect"]').setValue('没有盖章')
    await send()
    expect(document.activeElement?.id).toBe('material:proof-fix')
    expect(run).not.toHaveBeenCalled()
    page.unmount()
  })

  it('say that the time of a visit is missing, and lead there', async () => {
    const { run, page, send, errorOf } = open(SiteCheckDialog, 'site_check')
    await page.get('#site-place').setValue('云川市东湖区')
    await send()
    expect([document.activeElement?.id, errorOf('site-time')]).toEqual(['site-time', '请填时间'])
    expect(run).not.toHaveBeenCalled()
    page.unmount()
  })
})
