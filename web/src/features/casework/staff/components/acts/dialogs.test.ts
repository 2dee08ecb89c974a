import { mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { ref, shallowRef } from 'vue'
import type { FormData, StaffCase } from '@/shared/api'
import { actNamed } from '../../acts'
import type { StaffCaseState } from '../../composables/useStaffCase'
import LinesDialog from './LinesDialog.vue'
import SiteCheckConfirm from './SiteCheckConfirm.vue'
import SiteCheckDialog from './SiteCheckDialog.vue'

const words = (zh: string) => ({ zh, en: '' })
const shown = { materials: [{ id: 'proof', name: words('离职证明'), standard: words(''), needed: true }], form: { fields: { address: {} }, layout: [{ fields: ['address'] }] }, data: {} } as unknown as StaffCase
const stateOf = (run: () => Promise<boolean>) => ({ run, actProblem: shallowRef(), isStale: ref(false), busy: ref(false) }) as unknown as StaffCaseState

function open(dialog: typeof LinesDialog | typeof SiteCheckDialog, name: string, data: FormData = {}) {
  const run = vi.fn(async () => true)
  const page = mount(dialog, { attachTo: document.body, props: { shown: { ...shown, data }, act: actNamed(name)!, state: stateOf(run), open: true } })
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

  it('suggest the place of a visit, and take none that lies ahead', async () => {
    vi.useFakeTimers({ now: Date.parse('2026-11-30T02:00:00Z'), toFake: ['Date'] })
    const { run, page, send, errorOf } = open(SiteCheckDialog, 'site_check', { address: '学府路 16 号' })
    expect((page.get('#site-place').element as HTMLInputElement).value).toBe('学府路 16 号')
    await page.get('#site-time').setValue('10:30')
    await page.get('#site-facts').setValue('与申请一致')
    await send()
    expect([document.activeElement?.id, errorOf('site-time'), run.mock.calls.length]).toEqual(['site-time', '核查时间不能晚于现在', 0])
    await page.get('#site-time').setValue('09:30')
    await send()
    expect(run).toHaveBeenCalledWith(actNamed('site_check'), { place: '学府路 16 号', at: '2026-11-30T09:30:00+08:00', facts: '与申请一致' })
    page.unmount()
    vi.useRealTimers()
  })

  it('confirm a visit only for whoever says that he was there', async () => {
    const run = vi.fn(async () => true)
    const page = mount(SiteCheckConfirm, { attachTo: document.body, props: { act: actNamed('confirm_site_check')!, state: stateOf(run) } })
    await page.vm.submit()
    expect([document.activeElement?.id, run.mock.calls.length]).toEqual(['site-present', 0])
    await page.get('#site-present').setValue(true)
    await page.vm.submit()
    expect(run).toHaveBeenCalledOnce()
    page.unmount()
  })
})
