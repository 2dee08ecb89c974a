import type { StaffCase } from '@/shared/api'
import { isEmpty } from '../composables/formLogic'

/** The address of the application to suggest for a visit: what the applicant named before what a register knows; none that is masked. */
export function placeToVisit({ form, data }: Pick<StaffCase, 'form' | 'data'>): string {
  const named = form.layout.flatMap((section) => section.fields).filter((key) => key.endsWith('address') && !isEmpty(data[key]) && !String(data[key]).includes('*'))
  const key = named.find((one) => !form.fields[one]?.locked) ?? named[0]
  return key ? String(data[key]) : ''
}

/** The instant of a visit on a day at a time of Beijing. */
export function visitedAt(day: string, time: string): string {
  return `${day}T${time}:00+08:00`
}

/** Nobody has been anywhere in the future. */
export function isAhead(day: string, time: string, now: number = Date.now()): boolean {
  return Date.parse(visitedAt(day, time || '00:00')) > now
}
