import type { Day, Instant, Period } from '@/shared/api'
import { words } from '@/shared/locales/format'

export { COUNTED_MAX, formatBytes, formatCount, formatFen, mask } from './amounts'

/** Beijing keeps UTC+8 all year. */
const BEIJING_MS = 8 * 3_600_000
const DAY_MS = 86_400_000
const DAY_FORM = /^(\d{4})-(\d{2})-(\d{2})$/, MONTH_FORM = /^(\d{4})-(\d{2})$/

interface Clockface { y: number; h: number; min: number; day: number }

/** The Beijing wall clock at an instant. */
function beijing(ms: number): Clockface {
  const at = new Date(ms + BEIJING_MS)
  return {
    y: at.getUTCFullYear(), h: at.getUTCHours(), min: at.getUTCMinutes(), day: Math.floor((ms + BEIJING_MS) / DAY_MS)
  }
}

/** The numbers in a text of this form, or none. */
function numbersOf(form: RegExp, text: string | null | undefined): number[] {
  return form.exec(text ?? '')?.slice(1).map(Number) ?? []
}

/** Today in Beijing as `YYYY-MM-DD`. */
export function today(now: number = Date.now()): Day {
  return new Date(now + BEIJING_MS).toISOString().slice(0, 10)
}

/** `11 月 25 日` or `25 Nov`, with the year when it is not this year. */
export function formatDay(day: Day | null | undefined, now: number = Date.now()): string {
  const [year, month, date] = numbersOf(DAY_FORM, day)
  return month && date ? words.day(year === beijing(now).y ? undefined : year, month, date) : ''
}

/** `2026 年 3 月` or `Mar 2026` for `2026-03`. */
export function formatMonth(text: string): string {
  const [year, month] = numbersOf(MONTH_FORM, text)
  return year && month ? words.month(year, month) : ''
}

/** `1 月 4 日（暂定）`: a last day, marked while its calendar may still change. */
export function formatDue(day: Day | null | undefined, provisional: boolean, now: number = Date.now()): string {
  return `${formatDay(day, now)}${provisional ? words.provisional : ''}`
}

/** `2026年11月25日` or `25 November 2026` as formal documents write it. */
export function formatFormalDay(day: Day): string {
  const [year, month, date] = numbersOf(DAY_FORM, day)
  return year && month && date ? words.formalDay(year, month, date) : day
}

/** `今天 14:32`, `昨天 09:05`, `11 月 18 日 14:32`, in Beijing time; the very start of a day stands for a day without an hour. */
export function formatTime(at: Instant | null | undefined, now: number = Date.now()): string {
  const ms = Date.parse(at ?? '')
  if (Number.isNaN(ms)) return ''
  if ((ms + BEIJING_MS) % DAY_MS === 0) return formatDay(today(ms), now)
  const then = beijing(ms), current = beijing(now)
  const clock = `${String(then.h).padStart(2, '0')}:${String(then.min).padStart(2, '0')}`
  if (then.day === current.day) return `${words.today} ${clock}`
  if (then.day === current.day - 1) return `${words.yesterday} ${clock}`
  return words.at(formatDay(today(ms), now), clock)
}

/** `刚刚`, `5 分钟前`, `3 小时前`, then like [`formatTime`]. */
export function formatAgo(at: Instant, now: number = Date.now()): string {
  const minutes = Math.floor((now - Date.parse(at)) / 60_000)
  if (minutes < 1) return words.now
  if (minutes < 60) return words.minutes(minutes)
  if (minutes < 720 && beijing(Date.parse(at)).day === beijing(now).day) return words.hours(Math.floor(minutes / 60))
  return formatTime(at, now)
}

/** The day of an instant in Beijing. */
export function dayOf(at: Instant): Day {
  return today(Date.parse(at))
}

/** `最晚 11 月 25 日有结果` or `Result by 25 Nov`. */
export function formatExpected(day: Day | null | undefined, provisional = false, now: number = Date.now()): string {
  return day ? `${words.expected(formatDay(day, now))}${provisional ? words.provisional : ''}` : ''
}

/** `3 个工作日` or `3 working days`. */
export function formatPeriod(period: Period | null | undefined): string {
  return period ? words.periods[period.unit](period.n) : ''
}
