import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { api, type RosterPage } from '@/shared/api'
import { isMoving, progressOf, useRoster, waitingOf } from './useRoster'

const replace = vi.hoisted(() => vi.fn())
vi.mock('vue-router', () => ({ useRouter: () => ({ replace }) }))

const words = (zh: string) => ({ zh, en: zh })
const page = (state: RosterPage['state'], more: Partial<RosterPage> = {}) => ({
  roster_id: 'roster_1', version: 3, state, state_name: words(state), item: 'SB-003', rows_read: 10, rows_checked: 4, rows_bad: 1,
  rows_good: 8, rows_doubtful: 1, rows_promised: 0, rows_opened: 2, rows_granted: 2, rows_failed: 1, promised: [], ...more
}) as RosterPage

/** Answers of the server: the roster as it stands, no rows. */
function answer(...states: RosterPage[]) {
  return vi.spyOn(api, 'get').mockImplementation(async (path: string) => (path.endsWith('/rows') ? { rows: [], next: null } : (states.length > 1 ? states.shift() : states[0])) as never)
}
const open = () => effectScope().run(() => useRoster('roster_1'))!

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('a roster', () => {
  it('says how far it is in rows', () => {
    expect(progressOf(page('reading'))).toMatchObject({ done: 10, all: undefined })
    expect(progressOf(page('checking'))).toMatchObject({ done: 4, all: 10, text: '正在核对，4 / 10 人' })
    expect(progressOf(page('submitting'))).toMatchObject({ done: 3, all: 9 })
    expect(waitingOf(page('checked'))).toBe(9)
    expect([isMoving('submitting'), isMoving('checked'), isMoving('finished')]).toEqual([true, false, false])
  })

  it('is looked at again while the server is at work, and no longer', async () => {
    const get = answer(page('checking'), page('checking'), page('checked'))
    const { roster } = open()
    await vi.advanceTimersByTimeAsync(0)
    await vi.advanceTimersByTimeAsync(1_500)
    await vi.advanceTimersByTimeAsync(1_500)
    expect(roster.value?.state).toBe('checked')
    const looks = () => get.mock.calls.filter(([path]) => path === '/rosters/roster_1').length
    const before = looks()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(looks()).toBe(before)
  })

  it('is submitted when everything is confirmed, the promise only where one is needed', async () => {
    answer(page('checked', { promised: [words('居民身份证')], rows_promised: 1 }))
    const post = vi.spyOn(api, 'post').mockResolvedValue({})
    const { given, errors, submit } = open()
    await vi.advanceTimersByTimeAsync(0)
    submit()
    expect(errors.value).toEqual(['declaration', 'electronic_service', 'promise'])
    given.value = { declaration: true, electronic_service: true, promise: false }
    submit()
    expect(errors.value).toEqual(['promise'])
    expect(post).not.toHaveBeenCalled()
    given.value = { declaration: true, electronic_service: true, promise: true }
    submit()
    await vi.advanceTimersByTimeAsync(0)
    expect(post).toHaveBeenCalledWith('/rosters/roster_1/confirm', given.value, expect.objectContaining({ version: 3 }))
  })
})
