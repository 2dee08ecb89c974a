import type { Instant } from '@/shared/api'
import { formatTime, today } from '@/shared/format'

const HOURS_OF_BEIJING = 8

/** The word for today with the time, else `11-20 14:32`, with the year when it is another one: narrow enough for a column. */
export function shortTime(at: Instant, now: number = Date.now()): string {
  const ms = Date.parse(at)
  if (Number.isNaN(ms)) return ''
  const beijing = new Date(ms + HOURS_OF_BEIJING * 3_600_000).toISOString()
  const day = beijing.slice(0, 10), current = today(now)
  if (day === current) return formatTime(at, now)
  return `${day.slice(0, 4) === current.slice(0, 4) ? day.slice(5) : day} ${beijing.slice(11, 16)}`
}
