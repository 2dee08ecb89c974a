import { describe, expect, it } from 'vitest'
import type { CaseRow } from '@/shared/api'
import { landOn, type Which } from './useMyCases'

const at = (day: string) => ({ updated_at: `2026-11-${day}T02:00:00Z` }) as CaseRow
const land = (newest: Partial<Record<Which, CaseRow>>) => landOn(async (tab) => newest[tab])

describe('the tab on which my cases open', () => {
  it('is what is under way, and an empty one only where there is nothing at all', async () => {
    expect(await land({ open: at('01'), closed: at('20') })).toBe('open')
    expect(await land({})).toBe('open')
  })

  it('is where something changed last when nothing is under way', async () => {
    expect(await land({ closed: at('20') })).toBe('closed')
    expect(await land({ drafts: at('20') })).toBe('drafts')
    expect(await land({ drafts: at('19'), closed: at('20') })).toBe('closed')
    expect(await land({ drafts: at('21'), closed: at('20') })).toBe('drafts')
  })
})
