import type { FieldOption, FieldSchema, Form, FormData, FormField, FormRow, FormValue, Scalar, Words } from '@/shared/api'
import { readCondition, type Condition } from '@/shared/feel'

export interface Question { key: string; label: Words; options: FieldOption[] }

/** What a form would ask at most, in the order of the page; facts of registers are not asked. */
export function questionsOf(form: Form): Question[] {
  const keys = form.layout.flatMap((section) => section.fields)
  return keys.flatMap((key) => {
    const field = form.fields[key]
    return field && !field.locked ? [{ key, label: field.label, options: field.options ?? [] }] : []
  })
}

/** Nothing was filled in: null, blank text, no row. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true
  if (typeof value === 'string') return value.trim() === ''
  return Array.isArray(value) && value.length === 0
}

/** Whether a field holds the fact of a register and is not asked. */
export function isLocked(field: FormField, key: string, facts: FormData): boolean {
  return field.locked === true && !isEmpty(facts[key])
}

/** What is asked now, what of it is required, and the values that count. */
export interface Effective {
  visible: Set<string>
  required: Set<string>
  values: FormData
}

const conditions = new Map<string, Condition | null>()

/** Decides visibility in the order of dependence; a condition that cannot be read hides nothing. */
export function effectiveOf(form: Form, data: FormData, facts: FormData): Effective {
  const visible = new Set<string>(), values: FormData = {}
  for (const key of order(form)) {
    const field = form.fields[key]
    if (!field || !holds(field.visible ?? true, values)) continue
    visible.add(key)
    const value = isLocked(field, key, facts) ? facts[key] : data[key]
    if (!isEmpty(value)) values[key] = tidy(field, value as FormValue)
  }
  const asked = [...visible].filter((key) => {
    const field = form.fields[key]
    return field && !isLocked(field, key, facts) && holds(field.required ?? false, values)
  })
  return { visible, required: new Set(asked), values }
}

/** The data as it is sent: values of visible fields, tidy, without empty ones, without facts, and without what the server could not keep. */
export function dataToSend(form: Form, data: FormData, facts: FormData): FormData {
  const { values } = effectiveOf(form, data, facts)
  return Object.fromEntries(Object.entries(values).flatMap(([key, value]) => {
    const field = form.fields[key]
    if (!field || isLocked(field, key, facts)) return []
    const kept = keepable(field, value)
    return kept === undefined ? [] : [[key, kept]]
  }))
}

/** Letters in place of a number stay on the page only: all the rest of a form is saved nevertheless. */
function keepable(field: FormField, value: FormValue | undefined): FormValue | undefined {
  if (Array.isArray(value)) return value.map((row) => Object.fromEntries(Object.entries(row).filter(([part, inner]) => !isLetters(field.fields?.[part], inner))))
  return isLetters(field, value) ? undefined : value
}

/** Something was typed where a number is asked for, and it is none. */
export function isLetters(field: FormField | undefined, value: unknown): boolean {
  return (field?.widget === 'number' || field?.widget === 'money') && typeof value === 'string' && !isEmpty(value)
}

/** The keys and the fields that appear or go with them, so that a correction can be complete. */
export function withDependents(form: Form, keys: string[]): string[] {
  const found = new Set(keys)
  for (const key of order(form)) {
    const source = form.fields[key]?.visible
    if (source && conditionOf(source)?.names.some((name) => found.has(name))) found.add(key)
  }
  return [...found]
}

/** The schema of a field, with its reference followed. */
export function schemaOf(form: Form, key: string, rowKey?: string): FieldSchema {
  const follow = (schema: FieldSchema | undefined): FieldSchema =>
    schema?.$ref ? form.schema.$defs?.[schema.$ref.replace('#/$defs/', '')] ?? {} : schema ?? {}
  const own = follow(form.schema.properties[key])
  return rowKey === undefined ? own : follow(follow(own.items).properties?.[rowKey])
}

/** Where the page shows what a JSON pointer of the server names: `/form/jobs/0/employer` is `f-jobs-0-employer`. */
export function idOfPointer(pointer: string): string {
  const [head, ...rest] = pointer.replace(/^\//, '').split('/')
  return head === 'materials' ? `m-${rest[0] ?? ''}` : ['f', ...(head === 'form' ? rest : [head ?? '', ...rest])].join('-')
}

/** Today's full-width digits and stray blanks become what the server keeps. */
export function tidy(field: FormField, value: FormValue): FormValue {
  if (Array.isArray(value)) return tidyRows(field, value)
  if (typeof value !== 'string') return value
  if (['phone', 'bank_account'].includes(field.widget)) return compact(value)
  if (['citizen_no', 'credit_code'].includes(field.widget)) return compact(value).toUpperCase()
  return value.trim()
}

function tidyRows(list: FormField, rows: FormRow[]): FormRow[] {
  const tidied = rows.map((row) => Object.fromEntries(Object.entries(row).flatMap(([key, value]) => {
    const field = list.fields?.[key]
    const next = field && value !== undefined ? (tidy(field, value) as Scalar) : value
    return isEmpty(next) ? [] : [[key, next]]
  })))
  return tidied.filter((row) => Object.keys(row).length > 0)
}

function compact(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0))
    .replace(/[\s-]/g, '')
}

function holds(condition: boolean | string, values: FormData): boolean {
  if (typeof condition === 'boolean') return condition
  const read = conditionOf(condition)
  return read ? read.test(values) === true : true
}

function conditionOf(source: string): Condition | null {
  let read = conditions.get(source)
  if (read === undefined) {
    try {
      read = readCondition(source)
    } catch {
      read = null
    }
    conditions.set(source, read)
  }
  return read
}

function order(form: Form): string[] {
  const found: string[] = []
  const keys = Object.keys(form.fields)
  for (;;) {
    const ready = keys.filter((key) => {
      const source = form.fields[key]?.visible
      const names = (source && conditionOf(source)?.names) || []
      return !found.includes(key) && names.every((name) => !(name in form.fields) || found.includes(name))
    })
    if (!ready.length) return [...found, ...keys.filter((key) => !found.includes(key))]
    found.push(...ready)
  }
}
