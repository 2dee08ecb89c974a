import { flushPromises } from '@vue/test-utils'
import { effectScope, ref, type Ref } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { CaseView } from '@/shared/api'
import { useHandedOn } from './useHandedOn'

const view = (state: string) => ref({ item: 'JY-009', state } as CaseView) as Ref<CaseView | undefined>
const fetched = vi.fn(async (_: string) => new Response(JSON.stringify({ kind: 'instant' })))

async function handedOn(of: Ref<CaseView | undefined>) {
  vi.stubGlobal('fetch', fetched)
  const found = effectScope().run(() => useHandedOn(of))
  await flushPromises()
  return found
}

afterEach(() => {
  vi.unstubAllGlobals()
  fetched.mockClear()
})

describe('a case that is done on the spot as a rule', () => {
  it('has gone to a person while one looks at it', async () => {
    const of = view('REVIEWING'), found = await handedOn(of)
    expect(found?.value).toBe(true)
    of.value = { ...of.value, state: 'DECIDING' } as CaseView
    await flushPromises()
    expect(found?.value).toBe(true)
    expect(fetched).toHaveBeenCalledOnce()
    of.value = { ...of.value, state: 'DELIVERED' } as CaseView
    expect(found?.value).toBe(false)
  })

  it('needs no guide where it is granted, nor says anything without one', async () => {
    expect((await handedOn(view('DELIVERED')))?.value).toBe(false)
    expect(fetched).not.toHaveBeenCalled()
    fetched.mockResolvedValueOnce(new Response('{}', { status: 503 }))
    expect((await handedOn(view('REVIEWING')))?.value).toBe(false)
  })

  it('is one thing, what is promised in some days another', async () => {
    fetched.mockResolvedValueOnce(new Response(JSON.stringify({ kind: 'promised' })))
    expect((await handedOn(view('REVIEWING')))?.value).toBe(false)
  })
})
