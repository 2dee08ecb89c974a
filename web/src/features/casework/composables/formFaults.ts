import type { FieldSchema, Form, FormData, FormField, FormRow, FormValue } from '@/shared/api'
import { checkCitizenNo } from '@/shared/format/citizenNo'
import { formatFen, today } from '@/shared/format'
import { pick } from '@/shared/locales'
import { common } from '@/shared/locales/common'
import { isDay } from '@/shared/ui/day'
import { t } from '../locales'
import { effectiveOf, isEmpty, isLetters, isLocked, schemaOf } from './formLogic'

export interface FormError { id: string; text: string }

/** What is missing or wrong, in the order of the page. The server checks again and knows more. */
export function faultsOf(form: Form, data: FormData, facts: FormData): FormError[] {
  const { visible, required, values } = effectiveOf(form, data, facts)
  return form.layout.flatMap((section) => section.fields).flatMap((key) => {
    const field = form.fields[key]
    if (!field || !visible.has(key) || isLocked(field, key, facts)) return []
    const id = `f-${key}`, value = values[key]
    if (field.widget === 'list') return listFaults(form, key, field, value as FormRow[] | undefined, required.has(key))
    const text = faultOf(field, value, required.has(key), schemaOf(form, key))
    return text ? [{ id, text }] : []
  })
}

function listFaults(form: Form, key: string, field: FormField, rows: FormRow[] = [], required: boolean): FormError[] {
  const least = Math.max(required ? 1 : 0, schemaOf(form, key).minItems ?? 0)
  if (rows.length < least && (required || rows.length)) return [{ id: `f-${key}`, text: field.error ? pick(field.error) : t.apply.errors.rows(pick(field.label), least) }]
  return rows.flatMap((row, at) => Object.entries(field.fields ?? {}).flatMap(([part, inner]) => {
    const text = faultOf(inner, row[part], inner.required === true, schemaOf(form, key, part))
    return text ? [{ id: `f-${key}-${at}-${part}`, text: `${t.apply.errors.row(pick(field.label), at + 1)}${common.colon}${text}` }] : []
  }))
}

function faultOf(field: FormField, value: FormValue | undefined, required: boolean, schema: FieldSchema): string {
  const wrong = isEmpty(value) || (field.widget === 'checkbox' && value !== true)
    ? required && missing(field)
    : content(field, value as Exclude<FormValue, unknown[]>, schema)
  // The form's own words ask for an answer; whoever has typed letters, or a day that there is not, has given one.
  if (isLetters(field, value)) return t.apply.errors.number(pick(field.label))
  if (wrong && isTime(field) && !isEmpty(value)) return wrong
  if (!wrong && field.past && String(value ?? '') > today()) return t.apply.errors.past(pick(field.label))
  return wrong && field.error ? pick(field.error) : wrong || ''
}

function missing(field: FormField): string {
  const name = pick(field.label)
  if (field.widget === 'date') return t.apply.errors.day(name)
  return ['choice', 'select', 'checkbox'].includes(field.widget) ? t.apply.errors.choose(name) : t.apply.errors.missing(name)
}

function content(field: FormField, value: Exclude<FormValue, unknown[]>, schema: FieldSchema): string {
  const name = pick(field.label), words = t.apply.errors, text = String(value)
  switch (field.widget) {
    case 'number':
    case 'money': return numberFault(field, value, schema)
    case 'date': return isDay(text) ? '' : dayFault(name, text)
    case 'month': return isDay(`${text}-01`) ? '' : monthFault(name, text)
    case 'phone': return /^1[3-9]\d{9}$/.test(text) ? '' : words.mobile(name)
    case 'citizen_no': return checkCitizenNo(text) === 'ok' ? '' : words.citizenNo(name)
    case 'credit_code': return /^[0-9A-HJ-NP-RTUW-Y]{18}$/.test(text) ? '' : words.creditCode(name)
    case 'bank_account': return isBankAccount(text) ? '' : words.bankAccount(name)
    case 'text':
    case 'textarea': return lengthFault(name, text, schema)
    default: return ''
  }
}

function isTime(field: FormField): boolean {
  return field.widget === 'date' || field.widget === 'month'
}

/** Which of the boxes has to be looked at. */
function dayFault(name: string, text: string): string {
  const [year = '', month = '', day = ''] = text.split('-'), words = t.apply.errors
  if (![year, month, day].every(isNumber)) return words.day(name)
  return isYear(year) ? words.noSuchDay(name, Number(year), Number(month), Number(day)) : words.year(name)
}

function monthFault(name: string, text: string): string {
  const [year = '', month = ''] = text.split('-'), words = t.apply.errors
  if (![year, month].every(isNumber)) return words.month(name)
  return isYear(year) ? words.noSuchMonth(name, Number(month)) : words.year(name)
}

/** An empty box counts as nought. */
function isNumber(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) > 0
}

function isYear(text: string): boolean {
  return isDay(`${text}-01-01`)
}

function numberFault(field: FormField, value: unknown, { minimum, maximum }: FieldSchema): string {
  const name = pick(field.label), words = t.apply.errors
  if (typeof value !== 'number') return words.number(name)
  if (minimum === undefined || maximum === undefined || (value >= minimum && value <= maximum)) return ''
  const show = (number: number) => (field.widget === 'money' ? formatFen(number) : String(number))
  return words.between(name, show(minimum), show(maximum))
}

function lengthFault(name: string, text: string, { minLength = 0, maxLength }: FieldSchema): string {
  const length = [...text].length
  if (length < minLength) return t.apply.errors.short(name, minLength)
  return maxLength !== undefined && length > maxLength ? t.apply.errors.long(name, maxLength) : ''
}

/** 16 to 19 digits with the check digit of GB/T 15120.1 (Luhn). */
export function isBankAccount(text: string): boolean {
  if (!/^\d{16,19}$/.test(text)) return false
  const sum = [...text].reverse().reduce((total, letter, place) => {
    const digit = Number(letter) * (place % 2 ? 2 : 1)
    return total + (digit > 9 ? digit - 9 : digit)
  }, 0)
  return sum % 10 === 0
}
