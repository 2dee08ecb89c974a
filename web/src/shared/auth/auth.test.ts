import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { api, type Session } from '@/shared/api'
import { adoptSession, sessionLost, signInWithProvider, viewer } from '.'

const sessionOf = (person: string, employer?: string) => ({ kind: 'citizen', citizen: { person_id: person, acting: { kind: employer ? 'agent' : 'myself', employer_id: employer } } }) as unknown as Session

async function lose(session: Session): Promise<void> {
  adoptSession(session)
  vi.stubGlobal('fetch', vi.fn(async () => new Response('{}', { status: 401 })))
  await api.get('/my/cases').catch(() => undefined)
}

beforeEach(() => void adoptSession({ kind: 'stranger' }))
afterEach(() => vi.unstubAllGlobals())

describe('signing in again', () => {
  it('is asked for when a session has ended, and leaves whoever looks at the page as he was', async () => {
    await lose(sessionOf('person_1', 'employer_1'))
    expect([sessionLost.value, viewer.value]).toEqual([true, 'person_1/employer_1'])
    vi.spyOn(api, 'post').mockResolvedValue(sessionOf('person_1'))
    const act = vi.spyOn(api, 'put').mockResolvedValue(sessionOf('person_1', 'employer_1'))
    await signInWithProvider('demo', 'person-1')
    expect(act.mock.calls[0]?.slice(0, 2)).toEqual(['/session/acting', { employer_id: 'employer_1' }])
    expect([sessionLost.value, viewer.value]).toEqual([false, 'person_1/employer_1'])
  })

  it('gives somebody else no role of the one before, and nobody a role that is gone', async () => {
    await lose(sessionOf('person_1', 'employer_1'))
    vi.spyOn(api, 'post').mockResolvedValue(sessionOf('person_2'))
    const act = vi.spyOn(api, 'put').mockRejectedValue(new Error('no agent any more'))
    await signInWithProvider('demo', 'person-2')
    expect([act.mock.calls.length, viewer.value]).toEqual([0, 'person_2/'])
    await lose(sessionOf('person_1', 'employer_1'))
    vi.spyOn(api, 'post').mockResolvedValue(sessionOf('person_1'))
    await signInWithProvider('demo', 'person-1')
    expect([act.mock.calls.length, viewer.value]).toEqual([1, 'person_1/'])
  })

  it('is not asked of a stranger', async () => {
    await lose({ kind: 'stranger' })
    expect(sessionLost.value).toBe(false)
  })
})
