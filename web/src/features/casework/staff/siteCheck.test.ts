import { describe, expect, it } from 'vitest'
import type { FormData, StaffCase } from '@/shared/api'
import { isAhead, placeToVisit } from './siteCheck'

const form = {
  fields: { registered_address: { locked: true }, premises_address: {}, address: {} },
  layout: [{ fields: ['registered_address', 'premises_address'] }, { fields: ['address'] }]
} as unknown as StaffCase['form']
const place = (data: FormData) => placeToVisit({ form, data })

describe('a site check', () => {
  it('is suggested where the applicant says that he works, else where he is registered', () => {
    expect(place({ registered_address: '注册地', premises_address: '经营地' })).toBe('经营地')
    expect(place({ registered_address: '注册地', premises_address: ' ' })).toBe('注册地')
  })

  it('is not suggested anywhere without an address that can be read', () => {
    expect([place({}), place({ address: '***' })]).toEqual(['', ''])
  })

  it('cannot lie ahead, by the clock of Beijing', () => {
    const now = Date.parse('2026-11-30T02:00:00Z')
    expect([isAhead('2026-11-30', '10:01', now), isAhead('2026-11-30', '10:00', now), isAhead('2026-12-01', '', now), isAhead('2026-11-30', '', now)]).toEqual([true, false, true, false])
  })
})
