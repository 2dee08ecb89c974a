import type { Month, Today, TodayFigures } from '@/shared/api'
import { formatDay } from '@/shared/format'

interface Change { text: string; up: boolean; good: boolean | null }
export type FigureKey = keyof Omit<TodayFigures, 'rated'>
/** One key figure in words: value, unit, and what it was on the same day a week ago: how much it changed, and whether that is good; of what adds up over a day, last week's whole day, for today is not over. */
export interface Figure { key: FigureKey; label: string; value: string; unit: string; change?: Change; before?: string; spark?: number[]; alarm?: boolean; gap?: string }

interface Kind { label: string; unit: string; sort: 'sum' | 'stock' | 'rate' | 'mean'; better: 'more' | 'less' | 'neither'; gap?: string }
const KINDS: Record<FigureKey, Kind> = {
  received: { label: '今日收件', unit: '件', sort: 'sum', better: 'neither' },
  closed: { label: '今日办结', unit: '件', sort: 'sum', better: 'neither' },
  overdue_now: { label: '超期在办', unit: '件', sort: 'stock', better: 'less' },
  one_visit_rate: { label: '最多跑一次率', unit: '%', sort: 'rate', better: 'more', gap: '今天还没有办结的件' },
  rating_mean: { label: '群众评价（近 30 天）', unit: '/ 5', sort: 'mean', better: 'more', gap: '近 30 天评价不到 10 件' },
  accepted: { label: '今日受理', unit: '件', sort: 'sum', better: 'neither' },
  delivered: { label: '今日送达', unit: '件', sort: 'sum', better: 'neither' },
  on_time_rate: { label: '按时办结率', unit: '%', sort: 'rate', better: 'more', gap: '今天还没有办结的件' },
  instant_rate: { label: '即办率', unit: '%', sort: 'rate', better: 'more', gap: '今天还没有收件' },
  rating_rate: { label: '主动评价率（近 30 天）', unit: '%', sort: 'rate', better: 'neither', gap: '近 30 天评价不到 10 件' }
}

/** The key figures in the order of the page; what cannot be told yet is said so, never a zero. */
export function figuresOf(today: Today): Figure[] {
  return (Object.keys(KINDS) as FigureKey[]).map((key) => {
    const kind = KINDS[key], now = today[key], before = today.week_before[key]
    const spark = key === 'received' || key === 'closed' ? today.spark[key] : undefined
    return {
      key, label: kind.label, value: typeof now === 'number' ? show(now, kind) : '暂无', unit: typeof now === 'number' ? kind.unit : '',
      ...(typeof now === 'number' && typeof before === 'number' ? weekOf(now, before, kind) : {}),
      gap: typeof now === 'number' ? undefined : kind.gap, spark, alarm: key === 'overdue_now' && (now ?? 0) > 0
    }
  })
}

function show(value: number, kind: Kind): string {
  if (kind.sort === 'sum' || kind.sort === 'stock') return value.toLocaleString('zh-CN')
  return kind.sort === 'rate' ? (Math.floor(value * 1000) / 10).toFixed(1) : value.toFixed(2)
}

function weekOf(now: number, before: number, kind: Kind): Pick<Figure, 'change' | 'before'> {
  if (kind.sort === 'sum') return { before: `${show(before, kind)} ${kind.unit}` }
  const by = now - before
  const [text, unit] = { stock: () => [by.toLocaleString('zh-CN'), kind.unit], rate: () => [(by * 100).toFixed(1), '百分点'], mean: () => [by.toFixed(2), '分'] }[kind.sort]() as [string, string]
  if (Number(text.replaceAll(',', '')) === 0) return { change: { text: '持平', up: false, good: null } }
  const up = by > 0
  return { change: { text: `${up ? '+' : ''}${text.replace('-', '−')} ${unit}`, up, good: kind.better === 'neither' ? null : up === (kind.better === 'more') } }
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

/** The month's curve as one sentence for who cannot see it. */
export function monthSentence(days: Month['days']): string {
  if (!days.length) return '本月还没有数据。'
  const sum = (key: 'received' | 'closed') => days.reduce((total, day) => total + day[key], 0)
  const most = days.reduce((best, day) => (day.received > best.received ? day : best))
  return `近 ${days.length} 天收件 ${sum('received').toLocaleString('zh-CN')} 件，办结 ${sum('closed').toLocaleString('zh-CN')} 件，${formatDay(most.day)}收件最多，${most.received.toLocaleString('zh-CN')} 件。`
}
