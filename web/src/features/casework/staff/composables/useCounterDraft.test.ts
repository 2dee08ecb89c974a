import { effectScope } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { api, type CaseDraft } from '@/shared/api'
import type { CounterStep } from './useCounter'
import { useCounterDraft } from './useCounterDraft'

const words = { zh: '', en: '' }
const draftWith = (slot: object): CaseDraft => ({
  case_id: 'case_1', version: 3, state: 'DRAFT', item: 'JY-009', edition: 1, name: words, data: {}, declaration: words, saved_at: '2026-11-23T02:00:00Z',
  prefill: { values: {}, sources: [] }, form: { format: 1, schema: { type: 'object', properties: {} }, layout: [], fields: {} },
  materials: [{ id: 'proof', name: words, required: true, files: [], ...slot }] as unknown as CaseDraft['materials']
})

let scope = effectScope()
async function afterForm(slot: object) {
  vi.spyOn(api, 'get').mockResolvedValue(draftWith(slot))
  scope = effectScope()
  const steps: CounterStep[] = []
  const state = scope.run(() => useCounterDraft('case_1', (step) => steps.push(step), () => undefined))
  if (!state) throw new Error('no scope')
  await vi.waitFor(() => expect(state.draft.version.value).toBe(3))
  await state.toPapers()
  return { steps, collects: state.collects.value }
}

afterEach(() => scope.stop())

describe('the draft at the window', () => {
  it('goes from the form to the papers that are to be collected', async () => {
    expect(await afterForm({ needed: true })).toEqual({ steps: ['papers'], collects: true })
    expect(await afterForm({ needed: false, required: false })).toEqual({ steps: ['papers'], collects: true })
  })

  it('passes the papers over where a register answers for all of them', async () => {
    expect(await afterForm({ needed: false, covered_by: '人口库' })).toEqual({ steps: ['read'], collects: false })
    expect(await afterForm({ needed: false, required: false, covered_by: '人口库' })).toEqual({ steps: ['read'], collects: false })
  })
})
