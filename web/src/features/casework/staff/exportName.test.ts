import { afterEach, describe, expect, it } from 'vitest'
import { setLang } from '@/shared/locales'
import { builtIn } from './caseViews'
import { exportName } from './exportName'

const orgs = [{ org: '180100/cards', name: { zh: '社会保障卡管理中心', en: 'Social Security Card Centre' } }]
const nameOf = (filter: Parameters<typeof exportName>[0]) => exportName(filter, [...builtIn(), { name: '我的/急件', filter: { item: 'SB-084' } }], orgs, '2026-12-01')

afterEach(() => setLang('zh-CN'))

describe('the name of a taken list', () => {
  it('says what it is, how it was narrowed, and the day', () => {
    expect(nameOf({})).toBe('办件清单 全部 2026-12-01')
    expect(nameOf({ clock: 'today' })).toBe('办件清单 今天到期 2026-12-01')
    expect(nameOf({ item: 'SB-084' })).toBe('办件清单 我的 急件 2026-12-01')
    expect(nameOf({ state: 'GRANTED,DENIED', org: '180100/cards', received_from: '2026-11-01', received_to: '2026-11-30', on_time: 'false', order: 'due' }))
      .toBe('办件清单 已准予 不予批准 社会保障卡管理中心 收件 2026-11-01 至 2026-11-30 没按时决定 2026-12-01')
  })

  it('is in the language of the page, and never too long', async () => {
    await setLang('en')
    expect(nameOf({ clock: 'overdue', applicant: 'person' })).toBe('List of cases Overdue Person 2026-12-01')
    expect(nameOf({ state: 'SUBMITTED,PRE_RETURNED,PRE_PASSED,RECEIVED,CORRECTING,CORRECTED,ACCEPTED,REVIEWING' }).length).toBeLessThan(80)
  })
})
