/* The browser's view of a form: the document of the API says only that it is an object, its format is told by the crate `forms`. */
import type { Words } from './generated/types.gen'

export type Scalar = string | number | boolean | null
export interface FormRow { [key: string]: Scalar | undefined }
export type FormValue = Scalar | FormRow[]
export type FormData = Record<string, FormValue | undefined>
export type Widget =
  | 'text' | 'textarea' | 'number' | 'money' | 'date' | 'month' | 'choice' | 'select' | 'checkbox' | 'phone'
  | 'citizen_no' | 'credit_code' | 'bank_account' | 'list'
export interface FieldOption { value: string; label: Words; hint?: Words | null }
export interface FormField {
  label: Words
  widget: Widget
  hint?: Words | null
  unit?: Words | null
  error?: Words | null
  options?: FieldOption[]
  sensitive?: boolean
  source?: string | null
  locked?: boolean
  /** A day that cannot lie in the future. */
  past?: boolean
  visible?: string | null
  required?: boolean | string | null
  fields?: Record<string, FormField>
}
export interface FieldSchema {
  type?: string
  $ref?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  items?: FieldSchema
  properties?: Record<string, FieldSchema>
}
export interface FormSection { section: Words; fields: string[] }
export interface Form {
  format: 1
  schema: { type: 'object'; properties: Record<string, FieldSchema>; $defs?: Record<string, FieldSchema> }
  fields: Record<string, FormField>
  layout: FormSection[]
}
