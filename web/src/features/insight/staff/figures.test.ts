import { describe, expect, it } from 'vitest'
import type { Today, TodayFigures } from '@/shared/api'
import { figuresOf, monthSentence, sparkPath } from './figures'

const base: TodayFigures = { received: 1338, accepted: 310, closed: 296, delivered: 271, overdue_now: 3, on_time_rate: 0.9919, one_visit_rate: 0.984, instant_rate: null, rating_mean: 4.87, rated: 412, rating_rate: 0.253 }
const today = { as_of: '2026-11-23T10:00:00+08:00', ...base, week_before: { ...base, received: 1321, overdue_now: 1, one_visit_rate: 0.979 }, spark: { received: [1, 2], closed: [2, 1] } } as Today
const figure = (key: string) => figuresOf(today).find((one) => one.key === key)!

describe('key figures', () => {
  it('compares with the same day a week ago', () => {
    expect(figure('rating_mean').change?.text).toBe('持平')
  })

  it('sets what adds up over the day beside the whole day, for today is not over', () => {
    expect(figure('received')).toMatchObject({ value: '1,338', before: '1,321 件' })
    expect(figure('received').change).toBeUndefined()
  })

  it('calls more overdue bad and raises the alarm', () => {
    expect(figure('overdue_now')).toMatchObject({ value: '3', alarm: true, change: { text: '+2 件', good: false } })
  })

  it('never rounds a rate up', () => {
    expect(figure('on_time_rate').value).toBe('99.1')
    expect(figure('one_visit_rate').change).toEqual({ text: '+0.5 百分点', up: true, good: true })
  })

  it('says what cannot be told yet', () => {
    expect(figure('instant_rate')).toMatchObject({ value: '暂无', gap: '今天还没有收件' })
    expect(figure('instant_rate').change).toBeUndefined()
  })
})

describe('pictures in words', () => {
  it('draws a flat line in the middle and a rising one upwards', () => {
    expect(sparkPath([5, 5])).toBe('M2.0 14.0L74.0 14.0')
    expect(sparkPath([1, 3])).toBe('M2.0 25.0L74.0 3.0')
    expect(sparkPath([1])).toBe('')
  })

  it('tells the month in a sentence', () => {
    const day = (d: string, received: number) => ({ day: d, received, accepted: 0, closed: received - 1, overdue: 0 })
    expect(monthSentence([day('2025-11-01', 5), day('2025-11-02', 9)])).toBe('近 2 天收件 14 件，办结 12 件，2025 年 11 月 2 日收件最多，9 件。')
  })
})
