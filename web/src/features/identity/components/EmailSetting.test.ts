import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Session } from '@/shared/api'
import { adoptSession } from '@/shared/auth'
import EmailSetting from './EmailSetting.vue'

const session = (email_masked?: string): Session => ({
  kind: 'citizen',
  citizen: { person_id: 'person_1', name_masked: '王*兰', number_masked: '1***4', electronic_service: false, acting: { kind: 'myself', name: '王*兰' }, roles: [], email_masked }
})
const sent: unknown[] = []

/** The section on a page, and a server that answers with a session. */
function page(now: string | undefined, then: string | undefined) {
  sent.length = 0
  adoptSession(session(now))
  vi.stubGlobal('fetch', vi.fn(async (url: string, init: RequestInit) => {
    sent.push(url, JSON.parse(String(init.body)))
    return new Response(JSON.stringify(session(then)), { status: 200 })
  }))
  return mount(EmailSetting, { attachTo: document.body })
}

afterEach(() => {
  vi.unstubAllGlobals()
  adoptSession({ kind: 'stranger' })
  document.body.innerHTML = ''
})

describe('the e-mail address of an account', () => {
  it('is sent when it has the form of one', async () => {
    const section = page(undefined, 'w***@example.org')
    await section.find('input').setValue('wang')
    await section.find('form').trigger('submit')
    expect(section.text()).toContain('邮箱地址不完整')
    expect(sent).toEqual([])
    await section.find('input').setValue(' wang@example.org ')
    await section.find('form').trigger('submit')
    await flushPromises()
    expect(sent).toEqual(['/api/v1/me/email', { email: 'wang@example.org' }])
    expect(section.text()).toContain('现在发到 w***@example.org')
    expect(section.find('input').element.value).toBe('')
  })

  it('is taken back', async () => {
    const section = page('w***@example.org', undefined)
    await section.find('button[type=button]').trigger('click')
    await flushPromises()
    expect(sent).toEqual(['/api/v1/me/email', { email: null }])
    expect(section.text()).not.toContain('现在发到')
  })
})
