import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, ref } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import { api, type Session } from '@/shared/api'
import { adoptSession } from '@/shared/auth'
import { useLeaveQuestion } from './useLeaveQuestion'

const session = { kind: 'staff', staff: { staff_id: 'staff_1', permissions: [] } } as unknown as Session

async function open(unsaved: boolean, settle?: () => Promise<unknown>) {
  const isUnsaved = ref(unsaved)
  let question: ReturnType<typeof useLeaveQuestion> | undefined
  const Page = defineComponent({ setup: () => { question = useLeaveQuestion(() => isUnsaved.value, settle) }, template: '<p />' })
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/cases/:id', component: Page }, { path: '/', component: { template: '<p />' } }] })
  await router.push('/cases/1')
  const app = mount({ components: { RouterView }, template: '<RouterView />' }, { global: { plugins: [router] } })
  await flushPromises()
  if (!question) throw new Error('no page')
  return { app, router, isUnsaved, question, path: () => router.currentRoute.value.path }
}

beforeEach(() => void adoptSession(session))
afterEach(() => vi.unstubAllGlobals())

describe('leaving a page with something unsaved on it', () => {
  it('asks, also on the way to the next case, and goes on with yes only', async () => {
    const { router, question, path } = await open(true)
    const first = router.push('/cases/2')
    await flushPromises()
    expect(question.asking.value).toBe(true)
    question.reply(false)
    await first
    expect(path()).toBe('/cases/1')
    const second = router.push('/')
    await flushPromises()
    question.reply(true)
    await second
    expect(path()).toBe('/')
  })

  it('asks nothing where all is kept, or could be kept just now', async () => {
    const { router, isUnsaved, question, path } = await open(true, async () => { isUnsaved.value = false })
    await router.push('/')
    expect([path(), question.asking.value]).toEqual(['/', false])
  })

  it('warns before the browser closes the page, as long as it is there', async () => {
    const { app, isUnsaved } = await open(true)
    const close = () => {
      const event = new Event('beforeunload', { cancelable: true })
      window.dispatchEvent(event)
      return event.defaultPrevented
    }
    expect(close()).toBe(true)
    isUnsaved.value = false
    expect(close()).toBe(false)
    isUnsaved.value = true
    app.unmount()
    expect(close()).toBe(false)
  })

  it('goes nowhere while the session has ended', async () => {
    const { router, question, path } = await open(true)
    vi.stubGlobal('fetch', vi.fn(async () => new Response('{}', { status: 401 })))
    await api.get('/tasks').catch(() => undefined)
    await router.push('/')
    expect([path(), question.asking.value]).toEqual(['/cases/1', false])
  })
})
