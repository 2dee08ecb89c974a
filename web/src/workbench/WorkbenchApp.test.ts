import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { api, type Session } from '@/shared/api'
import { adoptSession, sessionLost } from '@/shared/auth'
import WorkbenchApp from './WorkbenchApp.vue'

vi.mock('./WorkbenchShell.vue', () => ({ default: { template: '<textarea />' } }))
vi.mock('@/features/identity/staff/components/SessionLostDialog.vue', () => ({ __esModule: true, default: { template: '<dialog />' } }))

const sessionOf = (id: string) => ({ kind: 'staff', staff: { staff_id: id, permissions: [] } }) as unknown as Session

async function open() {
  adoptSession(sessionOf('staff_1'))
  const page = { template: '<p />' }
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: page }, { path: '/cases/:id', component: page }] })
  await router.push('/cases/case_1')
  const app = mount(WorkbenchApp, { global: { plugins: [router] } })
  await app.get('textarea').setValue('符合条件')
  vi.stubGlobal('fetch', vi.fn(async () => new Response('{}', { status: 401 })))
  await api.get('/tasks').catch(() => undefined)
  await flushPromises()
  return { app, router, typed: () => app.get('textarea').element.value }
}

beforeEach(() => void adoptSession({ kind: 'stranger' }))
afterEach(() => vi.unstubAllGlobals())

describe('a session that ends in the workbench', () => {
  it('leaves the page and what is typed there, and asks to sign in over it', async () => {
    const { app, router, typed } = await open()
    expect([sessionLost.value, router.currentRoute.value.path, typed()]).toEqual([true, '/cases/case_1', '符合条件'])
    await vi.waitFor(() => expect(app.find('dialog').exists()).toBe(true))
    adoptSession(sessionOf('staff_1'))
    await flushPromises()
    expect([app.find('dialog').exists(), typed()]).toEqual([false, '符合条件'])
  })

  it('shows nothing of it to a colleague who signs in instead', async () => {
    const { router, typed } = await open()
    adoptSession(sessionOf('staff_2'))
    await flushPromises()
    expect([typed(), router.currentRoute.value.path]).toEqual(['', '/'])
  })
})
