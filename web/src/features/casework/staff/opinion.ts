import type { StaffCase } from '@/shared/api'
import { formatFen } from '@/shared/format'

/** What a decider writes who goes the reviewer's way. */
export const AGREED = '同意审查意见。'

/** What the system found, as a draft of the reviewer's opinion: he reads it over and says what he found himself. */
export function opinionDraft(shown: Pick<StaffCase, 'checks' | 'benefit'>, proposal: string): string {
  const passed = shown.checks.filter((check) => check.ok === true).map((check) => check.label)
  const doubts = shown.checks.filter((check) => check.ok !== true).map((check) => `${check.label}（${check.detail || '查不到'}）：`)
  const benefit = proposal === 'grant' && shown.benefit ? [`可领 ${shown.benefit.months} 个月，每月 ${formatFen(shown.benefit.monthly_fen)}。`] : []
  return [...(passed.length ? [`系统核对通过 ${passed.length} 项：${passed.join('、')}。`] : []), ...doubts, ...benefit].join('\n')
}
