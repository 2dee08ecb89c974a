import type { Form, FormData, FormField, FormValue, Scalar } from '@/shared/api'
import { formatDay, formatFen, formatMonth } from '@/shared/format'
import { pick } from '@/shared/locales'
import { t } from '../locales'
import { effectiveOf, isEmpty, isLocked } from './formLogic'

export interface ShownValue { key: string; label: string; text: string; rows?: ShownValue[][]; locked: boolean }

/** A value as people read it: masked where the server sends it so, and whole where somebody has to check what he has typed. */
export function showValue(field: FormField, value: FormValue | undefined): string {
  if (isEmpty(value) || Array.isArray(value)) return field.locked ? t.apply.notKnown : t.apply.notGiven
  return showScalar(field, value as Exclude<Scalar, null>)
}

function showScalar(field: FormField, value: Exclude<Scalar, null>): string {
  const unit = field.unit ? ` ${pick(field.unit)}` : ''
  switch (field.widget) {
    case 'choice':
    case 'select': return pick(field.options?.find((option) => option.value === value)?.label) || String(value)
    case 'checkbox': return value === true ? t.apply.yes : t.apply.no
    case 'money': return typeof value === 'number' ? formatFen(value) : String(value)
    case 'date': return formatDay(String(value)) || String(value)
    case 'month': return formatMonth(String(value)) || String(value)
    default: return typeof value === 'boolean' ? (value ? t.apply.yes : t.apply.no) : `${value}${unit}`
  }
}

/** All visible fields with their values, in the order of the page. */
export function showAll(form: Form, data: FormData, facts: FormData): ShownValue[] {
  const { visible, values } = effectiveOf(form, data, facts)
  return form.layout.flatMap((section) => section.fields).filter((key) => visible.has(key)).flatMap((key) => {
    const field = form.fields[key]
    return field ? [showField(key, field, values[key], isLocked(field, key, facts))] : []
  })
}

/** One value with its label, or with the values of its rows. */
export function showField(key: string, field: FormField, value: FormValue | undefined, locked: boolean): ShownValue {
  const shown = { key, label: pick(field.label), text: showValue(field, value), locked }
  if (field.widget !== 'list' || !Array.isArray(value)) return shown
  const rows = value.map((row) => Object.entries(field.fields ?? {}).map(([part, inner]) => showField(part, inner, row[part], false)))
  return { ...shown, rows }
}
