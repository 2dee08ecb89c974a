import { describe, expect, it } from 'vitest'
import type { Board, BoardFigures, DayFigures, Group } from '@/shared/api'
import { ROWS, countedInWords, figureOf, groupCells, metricText, ranked, shortDay, sparkPath, trendSentence } from './figures'
import { t } from './locales'

const share = { numerator: 0, denominator: 0 }
const figures: BoardFigures = {
  received: 1338, accepted: 310, closed: 296, decided: 280, delivered: 271, on_time_rate: 0.9919, within_law_rate: 1, one_visit_rate: 0.984, instant_rate: null, corrected_rate: 0.021,
  mean_working_days: 1.64, median_working_days: 0, p90_working_days: null, open: 40, overdue: 3, basis: { on_time: share, within_law: share, one_visit: share, instant: share, corrected: share, working_days: share }
}
const day = (name: string, accepted: number, decided = 0): DayFigures => ({ day: name, received: accepted, accepted, closed: accepted - 1, decided, on_time: decided, delivered: 0, one_visit: 0, overdue: 0 })
const board = {
  figures, before: { ...figures, accepted: 300, one_visit_rate: 0.979, overdue: 1, mean_working_days: 1.64, open: 0 }, days: [day('2026-11-01', 5, 1), day('2026-11-02', 9)],
  ratings: { rated: 412, rating_mean: 4.87, rating_rate: 0.2, stars: [], from: '2026-10-01', to: '2026-10-31' }
} as unknown as Board
const figure = (key: Parameters<typeof figureOf>[0], isOver = true) => figureOf(key, board, isOver)

it('a day under a picture keeps its year when it is another one', () => {
  expect(['2026-11-02', '2025-12-31'].map((one) => shortDay(one, '2026-12-01'))).toEqual(['11-02', '2025-12-31'])
})

describe('key figures', () => {
  it('stand beside the period before', () => {
    expect(figure('accepted')).toMatchObject({ value: '310', change: { text: '+10 件', up: true, good: null } })
    expect(figure('one_visit_rate').change).toEqual({ text: '+0.5 百分点', up: true, good: true })
    expect(figure('mean_working_days').change?.text).toBe('持平')
  })

  it('are not compared with whole days while today is not over', () => {
    expect(figure('accepted', false)).toMatchObject({ value: '310', before: '300 件' })
    expect(figure('accepted', false).change).toBeUndefined()
  })

  it('call more overdue bad and raise the alarm', () => {
    expect(figure('overdue').counted).toEqual([])
    expect(figure('overdue', false)).toMatchObject({ value: '3', alarm: true, counted: [{ happened: 'overdue', cases: 3 }], change: { text: '+2 件', good: false } })
  })

  it('never round a rate up', () => {
    expect(figure('on_time_rate').value).toBe('99.1')
  })

  it('say what cannot be told, and what took longer than is told apart', () => {
    expect(figure('instant_rate')).toMatchObject({ value: '暂无', gap: '还没有作出决定的件' })
    expect(figure('median_working_days')).toMatchObject({ value: '当天', unit: '' })
    expect(figure('p90_working_days')).toMatchObject({ value: '60', unit: '个工作日以上', gap: undefined })
  })

  it('have no line of days on which there is no rate', () => {
    expect(figure('on_time_rate').spark).toEqual([1])
    expect(figure('open').spark).toBeUndefined()
  })

  it('say which cases they count', () => {
    expect(figure('closed').counted.map(countedInWords)).toEqual(['办结的件 296 件'])
    expect(countedInWords({ happened: 'decided', mark: 'on_time', has: false, cases: 3 })).toBe('没按时 3 件')
  })

  it('stand on the page once each', () => {
    const shown = ROWS.flat()
    expect(new Set(shown).size).toBe(shown.length)
  })
})

describe('rankings', () => {
  const group = (key: string, fields: Partial<BoardFigures>): Group => ({ ...figures, key, name: { zh: key, en: key }, visible: true, ...fields })
  const groups = [group('a', { accepted: 1, on_time_rate: 1 }), group('b', { accepted: 9, on_time_rate: 0.5 }), group('c', { accepted: 5, on_time_rate: null })]
  const keys = (rows: Group[]) => rows.map((row) => row.key)

  it('begin with the most, and with the lowest rate', () => {
    expect(keys(ranked(groups, 'accepted'))).toEqual(['b', 'c', 'a'])
    expect(keys(ranked(groups, 'on_time_rate'))).toEqual(['b', 'a'])
    expect(metricText(groups[2]!, 'on_time_rate')).toBe('—')
  })

  it('have a cell for every head', () => {
    expect(groupCells(groups[0]!)).toHaveLength(t.figures.groupHead.length)
  })
})

describe('pictures in words', () => {
  it('draw a flat line in the middle and a rising one upwards', () => {
    expect(sparkPath([5, 5])).toBe('M2.0 14.0L74.0 14.0')
    expect(sparkPath([1, 3])).toBe('M2.0 25.0L74.0 3.0')
    expect(sparkPath([1])).toBe('')
  })

  it('tell the curve in a sentence', () => {
    expect(trendSentence([day('2025-11-01', 5), day('2025-11-02', 9)])).toBe('2 天里受理 14 件，办结 12 件，2025 年 11 月 2 日受理最多，9 件。')
    expect(trendSentence([])).toBe('还没有数据。')
  })
})
