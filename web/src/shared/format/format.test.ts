import { afterEach, describe, expect, it } from 'vitest'
import { setLang } from '@/shared/locales'
import { formatAgo, formatBytes, formatCount, formatDay, formatDue, formatExpected, formatFen, formatFormalDay, formatMonth, formatPeriod, formatTime, mask, today } from '.'
import { checkCitizenNo } from './citizenNo'

const now = Date.parse('2026-11-23T16:30:00Z') // 00:30 on the 24th in Beijing

describe('words for dates and amounts', () => {
  it('counts days in Beijing, wherever the browser is', () => {
    expect(today(now)).toBe('2026-11-24')
    expect(formatTime('2026-11-23T16:05:00Z', now)).toBe('今天 00:05')
    expect(formatTime('2026-11-23T15:05:00+00:00', now)).toBe('昨天 23:05')
    expect(formatTime('2026-11-18T06:32:00Z', now)).toBe('11 月 18 日 14:32')
    expect(formatTime('2025-12-31T16:00:00Z', now)).toBe('1 月 1 日')
    expect(formatTime('2025-12-31T16:01:00Z', now)).toBe('1 月 1 日 00:01')
    expect(formatTime('2025-12-31T15:59:00Z', now)).toBe('2025 年 12 月 31 日 23:59')
    expect(formatTime('nonsense', now)).toBe('')
  })

  it('tells how long ago, but never “3 hours ago” for yesterday', () => {
    expect(formatAgo('2026-11-23T16:29:40Z', now)).toBe('刚刚')
    expect(formatAgo('2026-11-23T16:20:00Z', now)).toBe('10 分钟前')
    expect(formatAgo('2026-11-23T14:00:00Z', now)).toBe('昨天 22:00')
    expect(formatAgo('2026-11-23T16:30:00Z', now + 3 * 3_600_000)).toBe('3 小时前')
  })

  it('names the year only when it is another one', () => {
    expect(formatDay('2026-11-25', now)).toBe('11 月 25 日')
    expect(formatDay('2027-01-04', now)).toBe('2027 年 1 月 4 日')
    expect(formatDay(null, now)).toBe('')
    expect(formatMonth('2026-03')).toBe('2026 年 3 月')
    expect(formatMonth('')).toBe('')
    expect(formatExpected('2026-11-25', false, now)).toBe('最晚 11 月 25 日有结果')
    expect(formatExpected('2027-01-04', true, now)).toBe('最晚 2027 年 1 月 4 日有结果（暂定）')
    expect(formatDue('2027-01-04', true, now)).toBe('2027 年 1 月 4 日（暂定）')
    expect(formatDue('2026-11-25', false, now)).toBe('11 月 25 日')
    expect(formatExpected(undefined)).toBe('')
    expect(formatFormalDay('2026-03-05')).toBe('2026年3月5日')
  })

  it('writes periods, money and sizes', () => {
    expect(formatPeriod({ n: 3, unit: 'wd' })).toBe('3 个工作日')
    expect(formatPeriod(null)).toBe('')
    expect([formatCount(0), formatCount(999), formatCount(1000)]).toEqual(['0', '999', '999+'])
    expect(formatFen(183_600)).toBe('1,836 元')
    expect(formatFen(123_456_705)).toBe('1,234,567.05 元')
    expect(formatFen(-50)).toBe('-0.50 元')
    expect(formatBytes(900)).toBe('900 B')
    expect(formatBytes(839_680)).toBe('820 KB')
    expect(formatBytes(1_468_006)).toBe('1.4 MB')
  })

  it('masks the middle and shows nothing of what is too short', () => {
    expect(mask('11010519491231002X', 6, 4)).toBe('110105********002X')
    expect(mask('123', 2, 2)).toBe('***')
  })

  it('checks a citizen number', () => {
    expect(checkCitizenNo('11010519491231002x')).toBe('ok')
    expect(checkCitizenNo('110105194912310021')).toBe('check')
    expect(checkCitizenNo('1101051949123100')).toBe('form')
  })
})

describe('words for dates and amounts in English', () => {
  afterEach(() => setLang('zh-CN'))

  it('writes days, times and periods as a reader of English does', async () => {
    await setLang('en')
    expect(formatDay('2026-11-30', now)).toBe('30 Nov')
    expect(formatDay('2027-01-04', now)).toBe('4 Jan 2027')
    expect(formatMonth('2026-03')).toBe('Mar 2026')
    expect(formatFormalDay('2026-03-05')).toBe('5 March 2026')
    expect(formatTime('2026-11-23T16:05:00Z', now)).toBe('today 00:05')
    expect(formatTime('2025-12-31T15:59:00Z', now)).toBe('31 Dec 2025, 23:59')
    expect(formatAgo('2026-11-23T16:29:00Z', now)).toBe('1 minute ago')
    expect(formatAgo('2026-11-23T16:20:00Z', now)).toBe('10 minutes ago')
    expect(formatExpected('2027-01-04', true, now)).toBe('Result by 4 Jan 2027 (provisional)')
    expect(formatPeriod({ n: 1, unit: 'wd' })).toBe('1 working day')
    expect(formatPeriod({ n: 21, unit: 'cd' })).toBe('21 days')
    expect(formatFen(183_650)).toBe('1,836.50 yuan')
  })
})
