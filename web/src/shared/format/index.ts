import type { Day, Instant, Period } from '@/shared/api'

/** Beijing keeps UTC+8 all year. */
const BEIJING_MS = 8 * 3_600_000
const DAY_MS = 86_400_000
const UNITS = { wd: '个工作日', cd: '天', mon: '个月' } as const

interface Clockface { y: number; m: number; d: number; h: number; min: number; day: number }

/** The Beijing wall clock at an instant. */
function beijing(ms: number): Clockface {
  const at = new Date(ms + BEIJING_MS)
  return {
    y: at.getUTCFullYear(), m: at.getUTCMonth() + 1, d: at.getUTCDate(),
    h: at.getUTCHours(), min: at.getUTCMinutes(), day: Math.floor((ms + BEIJING_MS) / DAY_MS)
  }
}

/** Today in Beijing as `YYYY-MM-DD`. */
export function today(now: number = Date.now()): Day {
  return new Date(now + BEIJING_MS).toISOString().slice(0, 10)
}

/** `11 月 25 日`, with the year when it is not this year. */
export function formatDay(day: Day | null | undefined, now: number = Date.now()): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day ?? '')
  if (!match) return ''
  const text = `${Number(match[2])} 月 ${Number(match[3])} 日`
  return Number(match[1]) === beijing(now).y ? text : `${match[1]} 年 ${text}`
}

/** `2026 年 3 月` for `2026-03`. */
export function formatMonth(month: string): string {
  const match = /^(\d{4})-(\d{2})$/.exec(month)
  return match ? `${match[1]} 年 ${Number(match[2])} 月` : ''
}

/** `1 月 4 日（暂定）`: a last day, marked while its calendar may still change. */
export function formatDue(day: Day | null | undefined, provisional: boolean, now: number = Date.now()): string {
  return `${formatDay(day, now)}${provisional ? '（暂定）' : ''}`
}

/** `2026年11月25日` as formal documents write it. */
export function formatFormalDay(day: Day): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  return match ? `${match[1]}年${Number(match[2])}月${Number(match[3])}日` : day
}

/** `今天 14:32`, `昨天 09:05`, `11 月 18 日 14:32`, in Beijing time; the very start of a day stands for a day without an hour. */
export function formatTime(at: Instant | null | undefined, now: number = Date.now()): string {
  const ms = Date.parse(at ?? '')
  if (Number.isNaN(ms)) return ''
  if ((ms + BEIJING_MS) % DAY_MS === 0) return formatDay(today(ms), now)
  const then = beijing(ms), current = beijing(now)
  const clock = `${String(then.h).padStart(2, '0')}:${String(then.min).padStart(2, '0')}`
  if (then.day === current.day) return `今天 ${clock}`
  if (then.day === current.day - 1) return `昨天 ${clock}`
  const day = `${then.m} 月 ${then.d} 日`
  return `${then.y === current.y ? '' : `${then.y} 年 `}${day} ${clock}`
}

/** `刚刚`, `5 分钟前`, `3 小时前`, then like [`formatTime`]. */
export function formatAgo(at: Instant, now: number = Date.now()): string {
  const minutes = Math.floor((now - Date.parse(at)) / 60_000)
  if (minutes < 1) return '刚刚'
  if (minutes < 60) return `${minutes} 分钟前`
  if (minutes < 720 && beijing(Date.parse(at)).day === beijing(now).day) return `${Math.floor(minutes / 60)} 小时前`
  return formatTime(at, now)
}

/** The day of an instant in Beijing. */
export function dayOf(at: Instant): Day {
  return today(Date.parse(at))
}

/** `最晚 11 月 25 日有结果`. */
export function formatExpected(day: Day | null | undefined, provisional = false, now: number = Date.now()): string {
  if (!day) return ''
  return `最晚 ${formatDay(day, now)}有结果${provisional ? '（暂定）' : ''}`
}

/** `3 个工作日`. */
export function formatPeriod(period: Period | null | undefined): string {
  return period ? `${period.n} ${UNITS[period.unit]}` : ''
}

/** `1,836 元`, `1,836.50 元`; the amount is in fen. */
export function formatFen(fen: number): string {
  const yuan = Math.trunc(Math.abs(fen) / 100), rest = Math.abs(fen) % 100
  const whole = String(yuan).replace(/\B(?=(\d{3})+$)/g, ',')
  return `${fen < 0 ? '-' : ''}${whole}${rest ? `.${String(rest).padStart(2, '0')}` : ''} 元`
}

/** `820 KB`, `1.4 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const kilo = bytes / 1024
  return kilo < 1024 ? `${Math.round(kilo)} KB` : `${(kilo / 1024).toFixed(1)} MB`
}

/** Shows the first and the last characters, `110105********002X`. */
export function mask(text: string, head: number, tail: number): string {
  const letters = [...text]
  const hidden = letters.length - head - tail
  if (hidden <= 0) return '*'.repeat(letters.length)
  return letters.slice(0, head).join('') + '*'.repeat(hidden) + letters.slice(letters.length - tail).join('')
}
