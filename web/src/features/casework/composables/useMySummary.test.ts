import { beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import type { CaseRow } from '@/shared/api'

const answers = new Map<string, unknown>()
vi.mock('@/shared/api', () => ({ api: { get: vi.fn((path: string, query?: { which?: string }) => Promise.resolve(answers.get(query?.which ? `${path}?${query.which}` : path))) } }))
vi.mock('@/shared/auth', async () => ({ citizen: (await import('vue')).ref({ person_id: 'person_1' }) }))
vi.mock('@/shared/live', () => ({ onChange: () => undefined }))
const { useMySummary } = await import('./useMySummary')

const row = (id: string, more: Partial<CaseRow> = {}) => ({ case_id: id, needs_me: false, can_rate: false, updated_at: new Date().toISOString(), ...more }) as CaseRow
const say = (needsMe: number, latest: CaseRow | null, closed: CaseRow[] = []) => {
  answers.set('/my/summary', { drafts: 0, open: 2, needs_me: needsMe, latest, latest_steps: [{ state: 'now' }] })
  answers.set('/my/cases?closed', { rows: closed })
}
async function read() {
  const mine = effectScope().run(() => useMySummary())!
  await vi.waitFor(() => expect(mine.value).toBeDefined())
  return mine.value!
}

describe('what the home page says about the person', () => {
  beforeEach(() => answers.clear())

  it('shows the case that changed last', async () => {
    say(0, row('case_1'))
    expect((await read()).shown).toMatchObject({ row: { case_id: 'case_1' }, steps: [{ state: 'now' }] })
  })

  it('prefers the case that waits for the person', async () => {
    say(1, row('case_1'))
    answers.set('/my/cases?open', { rows: [row('case_1'), row('case_2', { needs_me: true })] })
    answers.set('/cases/case_2', { steps: [{ state: 'done' }] })
    expect((await read()).shown).toMatchObject({ row: { case_id: 'case_2' }, steps: [{ state: 'done' }] })
  })

  it('asks for a rating only while there is none', async () => {
    say(0, null, [row('case_3', { can_rate: true })])
    answers.set('/cases/case_3/rating', { can_rate: true })
    expect((await read()).toRate?.case_id).toBe('case_3')
    answers.set('/cases/case_3/rating', { can_rate: false })
    expect((await read()).toRate).toBeUndefined()
  })

  it('lets old results rest', async () => {
    say(0, null, [row('case_4', { can_rate: true, updated_at: '2020-01-01T00:00:00Z' })])
    expect((await read()).toRate).toBeUndefined()
  })
})
