import { flushPromises, mount } from '@vue/test-utils'
import { defineComponent, h, nextTick, ref } from 'vue'
import { createMemoryHistory, createRouter, onBeforeRouteLeave, RouterView } from 'vue-router'
import { describe, expect, it, vi } from 'vitest'
import { useDraftInAddress } from './useDraftInAddress'

async function counterAt(address: string) {
  const open = ref<string>(), resume = vi.fn(async () => undefined)
  const page = defineComponent({
    setup() {
      useDraftInAddress(open, resume)
      // As the page does it: whoever leaves gives up the draft first.
      onBeforeRouteLeave(async () => { open.value = undefined; await nextTick() })
      return () => h('p')
    }
  })
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/counter', component: page }, { path: '/tasks', component: { render: () => h('p') } }] })
  await router.push(address)
  mount(RouterView, { global: { plugins: [router] } })
  await flushPromises()
  return { open, resume, router }
}

describe('the draft in the address of the counter', () => {
  it('stands there while it is open', async () => {
    const { open, resume, router } = await counterAt('/counter')
    expect(resume).not.toHaveBeenCalled()
    open.value = 'case_1'
    await flushPromises()
    expect(router.currentRoute.value.fullPath).toBe('/counter?draft=case_1')
    open.value = undefined
    await flushPromises()
    expect(router.currentRoute.value.fullPath).toBe('/counter')
  })

  it('is gone on with after a reload', async () => {
    const { resume } = await counterAt('/counter?draft=case_1')
    expect(resume).toHaveBeenCalledWith('case_1')
  })

  it('holds nobody who leaves the page', async () => {
    const { open, router } = await counterAt('/counter')
    open.value = 'case_1'
    await flushPromises()
    await router.push('/tasks')
    expect(router.currentRoute.value.path).toBe('/tasks')
  })
})
