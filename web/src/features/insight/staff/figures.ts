import type { Board, BoardFigures, DayFigures, FigureName, Group } from '@/shared/api'
import { formatDay, today } from '@/shared/format'
import type { Cell } from './csv'
import { countedBy, type CasesOf } from './drill'
import { t } from './locales'

interface Change { text: string; up: boolean; good: boolean | null; same?: boolean }
/** One key figure in words: value and unit, and what it was in the period before: how much it changed, and whether that is good; of what adds up over days that are not over, only what it was. */
export interface Figure { key: FigureName; label: string; value: string; unit: string; change?: Change; before?: string; spark?: number[]; alarm?: boolean; gap?: string; counted: CasesOf[] }

type Sort = 'sum' | 'stock' | 'rate' | 'days' | 'mean'
type Gap = keyof typeof t.figures.gaps
interface Kind { sort: Sort; better: 'more' | 'less' | 'neither'; gap?: Gap }
const KINDS: Record<FigureName, Kind> = {
  accepted: { sort: 'sum', better: 'neither' },
  closed: { sort: 'sum', better: 'neither' },
  on_time_rate: { sort: 'rate', better: 'more', gap: 'decision' },
  one_visit_rate: { sort: 'rate', better: 'more', gap: 'delivery' },
  overdue: { sort: 'stock', better: 'less' },
  rating_mean: { sort: 'mean', better: 'more', gap: 'rating' },
  received: { sort: 'sum', better: 'neither' },
  mean_working_days: { sort: 'days', better: 'less', gap: 'decision' },
  within_law_rate: { sort: 'rate', better: 'more', gap: 'law' },
  corrected_rate: { sort: 'rate', better: 'less', gap: 'decision' },
  decided: { sort: 'sum', better: 'neither' },
  median_working_days: { sort: 'days', better: 'less', gap: 'decision' },
  p90_working_days: { sort: 'days', better: 'less', gap: 'decision' },
  instant_rate: { sort: 'rate', better: 'more', gap: 'decision' },
  delivered: { sort: 'sum', better: 'neither' },
  open: { sort: 'stock', better: 'neither' },
  rating_rate: { sort: 'rate', better: 'neither', gap: 'rating' }
}

/** Half of the cases, or nine in ten, took as long or less. */
const WITHIN: readonly FigureName[] = ['median_working_days', 'p90_working_days']

/** What a figure is counted in. */
export function unitOf(key: FigureName): string {
  const { sort } = KINDS[key]
  if (sort === 'rate') return '%'
  if (sort === 'mean') return '/ 5'
  return WITHIN.includes(key) ? t.figures.within : t.figures.units[sort]
}

/** The big ones, the next ones, and those behind them. */
export const ROWS: readonly (readonly FigureName[])[] = [
  ['accepted', 'closed', 'on_time_rate', 'one_visit_rate', 'overdue'],
  ['rating_mean', 'received', 'mean_working_days', 'within_law_rate', 'corrected_rate'],
  ['decided', 'median_working_days', 'p90_working_days', 'instant_rate', 'delivered']
]

type Told = Partial<Record<FigureName, number | null>>

/** A figure in words; what cannot be told yet is said so, never a zero. */
export function figureOf(key: FigureName, board: Board, isOver: boolean): Figure {
  const kind = KINDS[key]
  const now = ({ ...board.figures, rating_mean: board.ratings.rating_mean, rating_rate: board.ratings.rating_rate } as Told)[key]
  const before = key === 'open' ? undefined : (board.before as Told)[key]
  const told = typeof now === 'number'
  const late = !told && kind.sort === 'days' && board.figures.decided > 0
  return {
    key, label: t.figures.labels[key], value: told ? show(now, kind.sort) : late ? '60' : t.figures.notYet, unit: told ? (kind.sort === 'days' && now < HALF_A_DAY ? '' : unitOf(key)) : late ? t.figures.over : '',
    ...(told && typeof before === 'number' ? beside(now, before, key, isOver) : {}),
    gap: told || late || !kind.gap ? undefined : t.figures.gaps[kind.gap], spark: sparkOf(key, board.days), alarm: key === 'overdue' && (now ?? 0) > 0,
    // Which cases were overdue at the end of another day no list tells.
    counted: key === 'overdue' && isOver ? [] : countedBy(key, board.figures)
  }
}

/** Whoever hears on the day itself would wonder about `0.1 days`. */
const HALF_A_DAY = 0.5

function show(value: number, sort: Sort): string {
  if (sort === 'sum' || sort === 'stock') return value.toLocaleString('zh-CN')
  if (sort === 'rate') return (Math.floor(value * 1000) / 10).toFixed(1)
  if (sort === 'mean') return value.toFixed(2)
  return value < HALF_A_DAY ? t.figures.sameDay : Number.isInteger(value) ? String(value) : value.toFixed(1)
}

function beside(now: number, before: number, key: FigureName, isOver: boolean): Pick<Figure, 'change' | 'before'> {
  const { sort, better } = KINDS[key]
  if (sort === 'sum' && !isOver) return { before: `${show(before, sort)} ${unitOf(key)}` }
  const by = now - before
  const [text, unit] = {
    sum: () => [by.toLocaleString('zh-CN'), t.figures.units.sum], stock: () => [by.toLocaleString('zh-CN'), t.figures.units.stock],
    rate: () => [(by * 100).toFixed(1), t.figures.points], mean: () => [by.toFixed(2), t.figures.marks], days: () => [by.toFixed(1), t.figures.units.days]
  }[sort]() as [string, string]
  if (Number(text.replaceAll(',', '')) === 0) return { change: { text: t.figures.same, up: false, good: null, same: true } }
  const up = by > 0
  return { change: { text: `${up ? '+' : ''}${text.replace('-', '−')} ${unit}`, up, good: better === 'neither' ? null : up === (better === 'more') } }
}

function sparkOf(key: FigureName, days: readonly DayFigures[]): number[] | undefined {
  if (key === 'received' || key === 'accepted' || key === 'closed' || key === 'overdue' || key === 'decided' || key === 'delivered') return days.map((day) => day[key])
  // A day without decisions has no rate: the line goes from day to day that has one.
  const share = (part: (day: DayFigures) => number, of: (day: DayFigures) => number) => days.filter((day) => of(day) > 0).map((day) => part(day) / of(day))
  if (key === 'on_time_rate') return share((day) => day.on_time, (day) => day.decided)
  if (key === 'one_visit_rate') return share((day) => day.one_visit, (day) => day.delivered)
  return undefined
}

/** The path of a sparkline in a box; a flat row of values lies in the middle. */
export function sparkPath(values: readonly number[], width = 76, height = 28): string {
  if (values.length < 2) return ''
  const low = Math.min(...values), span = Math.max(...values) - low
  return values.map((value, at) => {
    const x = 2 + (at * (width - 4)) / (values.length - 1)
    const y = span ? height - 3 - ((value - low) * (height - 6)) / span : height / 2
    return `${at ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`
  }).join('')
}

/** A day under a picture: `11-02`, with the year when it is another one. */
export const shortDay = (day: string, now: string = today()) => (day.slice(0, 4) === now.slice(0, 4) ? day.slice(5) : day)

/** The curve as one sentence for who cannot see it. */
export function trendSentence(days: readonly DayFigures[]): string {
  if (!days.length) return t.figures.noTrend
  const sum = (key: 'accepted' | 'closed') => days.reduce((total, day) => total + day[key], 0)
  const most = days.reduce((best, day) => (day.accepted > best.accepted ? day : best))
  const peak = most.accepted ? t.figures.peak(formatDay(most.day), most.accepted.toLocaleString('zh-CN')) : ''
  return t.figures.trend(days.length, sum('accepted').toLocaleString('zh-CN'), sum('closed').toLocaleString('zh-CN'), peak)
}

/** Orders of a ranking: what its bars show. */
export const METRICS = ['accepted', 'closed', 'overdue', 'mean_working_days', 'on_time_rate', 'one_visit_rate'] as const
export type Metric = (typeof METRICS)[number]

/** Groups in the order of a metric: most first, rates the other way round, for the last one wants a look. Those without it are left out. */
export function ranked(groups: readonly Group[], metric: Metric): Group[] {
  const isRate = metric.endsWith('_rate')
  const value = (group: Group) => group[metric] ?? 0
  return groups.filter((group) => typeof group[metric] === 'number').sort((a, b) => (isRate ? value(a) - value(b) : value(b) - value(a)))
}

/** A metric of a group in words. */
export function metricText(group: Group, metric: Metric): string {
  const value = group[metric]
  if (typeof value !== 'number') return '—'
  if (metric.endsWith('_rate')) return `${show(value, 'rate')}%`
  return metric === 'mean_working_days' ? show(value, 'days') : show(value, 'sum')
}

/** Which cases a list holds, and how many. */
export function countedInWords({ happened, mark, has, cases }: CasesOf): string {
  const number = `${cases.toLocaleString('zh-CN')} ${t.figures.units.sum}`
  return mark ? `${t.figures.marked[mark][has ? 0 : 1]} ${number}` : `${t.ranking.listed[happened]} ${number}`
}

const percent = (value: number | null | undefined): Cell => (typeof value === 'number' ? `${show(value, 'rate')}%` : '')
const days = (value: number | null | undefined): Cell => (typeof value === 'number' ? Math.round(value * 10) / 10 : '')

/** A group as a row of the table of a ranking. */
export function groupCells(group: BoardFigures): Cell[] {
  return [
    group.received, group.accepted, group.closed, group.decided, percent(group.on_time_rate), percent(group.within_law_rate), percent(group.one_visit_rate),
    percent(group.corrected_rate), days(group.mean_working_days), group.open, group.overdue
  ]
}

/** A day as a row of the table of the curve. */
export const dayCells = (day: DayFigures): Cell[] => [day.received, day.accepted, day.closed, day.decided, day.on_time, day.delivered, day.one_visit, day.overdue]
