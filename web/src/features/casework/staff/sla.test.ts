import { describe, expect, it } from 'vitest'
import type { Clock } from '@/shared/api'
import { clockDetail, daysBetween, runningClock, slaOf } from './sla'

const limit = (due_on: string, overdue = false, counts_from?: string) => ({ due_on, overdue, counts_from })
const clock = (kind: Clock['kind'], due_on: string, more: Partial<Clock> = {}): Clock => ({ kind, due_on, provisional: false, overdue: false, ...more })

describe('time limit of a task', () => {
  it('counts whole days across a month', () => {
    expect(daysBetween('2026-11-29', '2026-12-02')).toBe(3)
    expect(daysBetween('2026-12-02', '2026-11-29')).toBe(-3)
  })

  it('says in words how long it is over', () => {
    expect(slaOf(limit('2026-11-20', true), '2026-11-23')).toEqual({ level: 'over', share: 1, words: '超 3 天' })
  })

  it('believes the server when it is over on the last day', () => {
    expect(slaOf(limit('2026-11-23', true), '2026-11-23').words).toBe('已超期')
  })

  it('warns today and tomorrow, then is plain', () => {
    expect(slaOf(limit('2026-11-23'), '2026-11-23')).toMatchObject({ level: 'soon', words: '今天到期' })
    expect(slaOf(limit('2026-11-24'), '2026-11-23')).toMatchObject({ level: 'soon', words: '明天到期' })
    expect(slaOf(limit('2026-11-30'), '2026-11-23')).toMatchObject({ level: 'ok', words: '剩 7 天' })
  })

  it('never calls a limit over that the server does not', () => {
    expect(slaOf(limit('2026-11-22'), '2026-11-23')).toMatchObject({ level: 'soon', words: '已到期' })
  })

  it('fills the bar from the first day of the promise', () => {
    expect(slaOf(limit('2026-11-30', false, '2026-11-20'), '2026-11-25').share).toBe(0.5)
    expect(slaOf(limit('2026-11-30', false, '2026-11-20'), '2026-11-20').share).toBe(0.04)
  })

  it('has no bar without a limit', () => {
    expect(slaOf({ due_on: null, overdue: false }).level).toBe('none')
  })
})

describe('clock of a case', () => {
  it('shows the wait for corrections before the promise', () => {
    expect(runningClock([clock('promised', '2026-11-30'), clock('correction', '2026-12-08')])?.kind).toBe('correction')
  })

  it('passes over stopped clocks', () => {
    expect(runningClock([clock('promised', '2026-11-30', { stopped_at: '2026-11-22T09:00:00+08:00' }), clock('delivery', '2026-12-04')])?.kind).toBe('delivery')
    expect(runningClock([clock('promised', '2026-11-30', { stopped_at: '2026-11-22T09:00:00+08:00' })])).toBeUndefined()
  })

  it('names the statutory day beside the promised one, marked when provisional', () => {
    const all = [clock('promised', '2026-11-30'), clock('statutory', '2027-01-04', { provisional: true })]
    expect(clockDetail(all[0]!, all)).toBe('11 月 30 日截止，法定期限 2027 年 1 月 4 日（暂定）')
  })
})
