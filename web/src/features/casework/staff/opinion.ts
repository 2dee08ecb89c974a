import type { StaffCase } from '@/shared/api'
import { record } from './locales/record'

/** What the system found, as a draft of the reviewer's opinion: he reads it over and says what he found himself. */
export function opinionDraft(shown: Pick<StaffCase, 'checks' | 'benefit'>, proposal: string): string {
  const passed = shown.checks.filter((check) => check.ok === true).map((check) => check.label)
  const doubts = shown.checks.filter((check) => check.ok !== true).map((check) => record.doubt(check.label, check.detail || record.notFound))
  const benefit = proposal === 'grant' && shown.benefit ? [record.benefit(shown.benefit.months, shown.benefit.monthly_fen)] : []
  return [...(passed.length ? [record.passed(passed)] : []), ...doubts, ...benefit].join('\n')
}
