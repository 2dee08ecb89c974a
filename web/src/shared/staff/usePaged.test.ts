import { describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { ApiProblem, type List } from '@/shared/api'
import { usePaged } from './usePaged'

const inScope = <T>(make: () => T): T => effectScope().run(make) as T
const page = (rows: number[], next: string | null): List<number> => ({ rows, next })

describe('paged list', () => {
  it('adds pages until the cursor ends', async () => {
    const load = vi.fn(async (cursor?: string) => (cursor ? page([3, 4], null) : page([1, 2], 'b')))
    const list = inScope(() => usePaged(load))
    await list.reload()
    expect([list.rows.value, list.hasMore.value]).toEqual([[1, 2], true])
    await list.more()
    expect([list.rows.value, list.hasMore.value]).toEqual([[1, 2, 3, 4], false])
    await list.more()
    expect(load).toHaveBeenCalledTimes(2)
  })

  it('drops an answer that a newer question has overtaken', async () => {
    const waiting: ((list: List<number>) => void)[] = []
    const list = inScope(() => usePaged<number>(() => new Promise((resolve) => waiting.push(resolve))))
    const first = list.reload(), second = list.reload()
    waiting[1]?.(page([2], null))
    waiting[0]?.(page([1], null))
    await Promise.all([first, second])
    expect(list.rows.value).toEqual([2])
  })

  it('keeps what is shown when a page fails, and says why', async () => {
    let fail = false
    const list = inScope(() => usePaged<number>(async () => { if (fail) throw new ApiProblem('offline'); return page([1], 'b') }))
    await list.reload()
    fail = true
    await list.more()
    expect(list.rows.value).toEqual([1])
    expect(list.problem.value?.kind).toBe('offline')
  })

  it('changes rows in place', async () => {
    const list = inScope(() => usePaged<number>(async () => page([1, 2], null)))
    await list.reload()
    list.patch((row) => (row === 2 ? 20 : row))
    expect(list.rows.value).toEqual([1, 20])
  })
})
