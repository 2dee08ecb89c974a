/** Words in both languages; `en` may be empty. */
export interface Words { zh: string; en: string }
/** A calendar day `YYYY-MM-DD`. */
export type Day = string
/** An RFC 3339 instant. */
export type Instant = string
export type Surface = 'portal' | 'workbench'
export interface List<Row> { rows: Row[]; next?: string | null }
export interface Period { n: number; unit: 'wd' | 'cd' | 'mon' }

/** RFC 9457 problem document. */
export interface Problem {
  type: string
  code: string
  title: string
  detail?: string
  status: number
  request_id?: string
  faults?: Fault[]
}
export interface Fault { pointer: string; code: string; title: string }

/* Session and identity */
export interface Acting { kind: 'myself' | 'enterprise'; employer_id?: string; name?: string }
export interface Role { kind: 'myself' | 'enterprise'; employer_id?: string; name: string }
export interface SessionCitizen {
  person_id: string
  name_masked: string
  number_masked: string
  mobile_masked?: string
  electronic_service: boolean
  acting: Acting
  roles: Role[]
}
export interface StaffPost { post: string; name: string; org: string; org_name: string; deputy_for?: string }
export interface SessionStaff {
  staff_id: string
  account: string
  name: string
  bureau: string
  bureau_name: string
  org: string
  org_name: string
  posts: StaffPost[]
  permissions: string[]
}
export interface Session {
  kind: 'stranger' | 'citizen' | 'staff'
  expires_at?: Instant
  citizen?: SessionCitizen
  staff?: SessionStaff
}
export interface DemoIdentity { ticket: string; label: Words; surface: Surface; role: Words }
export interface IdentityProvider { id: string; name: Words; demo: boolean; note: Words; identities: DemoIdentity[] }
export interface SessionRow { session_id: string; surface: Surface; started_at: Instant; seen_at: Instant; current: boolean }
export interface AgentRow { person_id: string; name_masked: string; number_masked: string; since: Instant }
export interface OrgRow { path: string; name: string; parent?: string }
export interface PostRow { post: string; name: string; permissions: { permission: string; name: string }[] }
export interface StaffRow {
  staff_id: string
  account: string
  name: string
  org: string
  org_name: string
  posts: StaffPost[]
  active: boolean
  absent_until?: Day
  deputy_name?: string
  version: number
}
export interface AbsenceRow {
  absence_id: string
  staff_id: string
  name: string
  from: Day
  to: Day
  deputy_id: string
  deputy_name: string
  reason: string
}

/* Catalogue */
export type ApplicantKind = 'person' | 'enterprise'
export type CaseKind = 'instant' | 'promised'
export interface ItemRow {
  code: string
  name: Words
  summary: Words
  domain: string
  kind: CaseKind
  applicants: ApplicantKind[]
  promised?: Period | null
  statutory?: Period | null
  materials_asked: number
  materials_shared: number
  visits: number
  open: boolean
}
export interface TimeLimits {
  start: 'received' | 'accepted'
  statutory: Period | null
  statutory_basis: string
  promised: Period | null
  acceptance: Period
  correction: Period
  delivery: Period
  pre_review: Period
}
export interface Material {
  id: string
  name: Words
  source: 'applicant' | 'shared' | 'government'
  register?: string | null
  needed_when?: string | null
  required: boolean
  standard: Words
  basis: string
  promise_allowed: boolean
}
export interface RefusalGround { id: string; act: string; reason: Words; basis: string; instead: Words }
export interface ItemFacts {
  code: string
  name: Words
  summary: Words
  domain: string
  item_type: string
  catalog_code: string
  applicants: ApplicantKind[]
  kind: CaseKind
  risk?: 'L' | 'M' | 'H' | null
  limits: TimeLimits
  visits: number
  scope: string
  fee?: Words | null
  conditions: Words[]
  basis: string[]
  materials: Material[]
  steps: { name: Words; text: Words }[]
  result: { name: Words; paper: boolean; mark: string; valid_months?: number | null }
  grounds: RefusalGround[]
  faq: { q: Words; a: Words }[]
  review_organ: Words
  court: Words
  place: Words
  hours: Words
  phone: string
  complaint_phone: string
  registers: string[]
  handled_by: string
  one_open_case: boolean
  declaration: Words
}
export interface ItemGuide extends ItemFacts { edition: number; effective: Day; form: Form }

/* Forms */
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

/* Cases */
export type CaseState =
  | 'DRAFT' | 'SUBMITTED' | 'PRE_RETURNED' | 'PRE_PASSED' | 'RECEIVED' | 'CORRECTING' | 'CORRECTED' | 'ACCEPTED'
  | 'NOT_ACCEPTED' | 'NOT_REQUIRED' | 'REVIEWING' | 'DECIDING' | 'GRANTED' | 'DENIED' | 'MAKING' | 'READY' | 'DELIVERED'
  | 'WITHDRAWN' | 'LAPSED'
export interface CaseFile { material_id: string; name: string; bytes: number; media_type: string; uploaded_at: Instant }
export interface MaterialSlot {
  id: string
  name: Words
  source: Material['source']
  required: boolean
  needed: boolean
  standard: Words
  promise_allowed: boolean
  basis: string
  files: CaseFile[]
  covered_by?: string | null
}
export interface PrefillSource { register: string; source: string; at: Instant }
export interface CaseDraft {
  case_id: string
  version: number
  state: CaseState
  item: string
  edition: number
  name: Words
  form: Form
  data: FormData
  prefill: { values: FormData; sources: PrefillSource[] }
  materials: MaterialSlot[]
  declaration: Words
  saved_at: Instant
}
export interface FileAnswer { material_id: string; version: number }
export interface CaseStep { name: Words; state: 'done' | 'now' | 'todo'; at?: Instant | null }
export type ClockKind = 'promised' | 'statutory' | 'acceptance' | 'correction' | 'delivery' | 'pre_review'
export interface Clock { kind: ClockKind; due_on: Day; provisional: boolean; stopped_at?: Instant | null; overdue: boolean }
export interface TimelineEntry { at: Instant; kind: string; title: Words; text?: Words | null; actor?: Words | null; notice_id?: string | null }
export interface NoticeRow {
  notice_id: string
  kind: NoticeKind
  title: Words
  doc_no?: string | null
  issued_at: Instant
  served_at?: Instant | null
  served_how?: string | null
}
export interface CorrectionLine { material?: string | null; field?: string | null; name: Words; defect: string; how_to_fix: string }
export interface Correction { lines: CorrectionLine[]; due_on?: Day | null }
export interface RatingView { stars: number; labels: string[]; text?: string | null; at: Instant }
export interface CaseView {
  case_id: string
  case_no?: string | null
  version: number
  item: string
  name: Words
  edition: number
  state: CaseState
  state_name: Words
  stage: Words
  channel: 'online' | 'window'
  applicant: { kind: ApplicantKind; name_masked: string; number_masked: string }
  agent?: { name_masked: string } | null
  steps: CaseStep[]
  received_at?: Instant | null
  accepted_at?: Instant | null
  decided_at?: Instant | null
  delivered_at?: Instant | null
  outcome?: string | null
  clocks: Clock[]
  expected_on?: Day | null
  timeline: TimelineEntry[]
  notices: NoticeRow[]
  correction?: Correction | null
  can: string[]
  query_code?: string | null
  form: Form
  data: FormData
  rating?: RatingView | null
}
export interface CaseRow {
  case_id: string
  case_no?: string | null
  item: string
  name: Words
  state: CaseState
  state_name: Words
  expected_on?: Day | null
  updated_at: Instant
  needs_me: boolean
  can_rate: boolean
}
export interface MySummary { drafts: number; open: number; needs_me: number; unread: number; latest?: (CaseRow & { steps: CaseStep[] }) | null }
export interface PublicProgress {
  case_no: string
  name: Words
  state_name: Words
  steps: CaseStep[]
  expected_on?: Day | null
  timeline: TimelineEntry[]
}
export type NoticeKind =
  | 'receipt' | 'accept_notice' | 'refuse_acceptance' | 'not_required' | 'correction_notice' | 'pre_return' | 'grant'
  | 'deny' | 'lapse' | 'withdrawal' | 'delivery_receipt' | 'check_record'
export interface NoticeParagraph { heading?: Words | null; text: Words; lines?: string[] | null }
export interface Remedies { review_organ: Words; review_days: number; court: Words; court_months: number }
export interface Notice {
  notice_id: string
  kind: NoticeKind
  title: Words
  doc_no?: string | null
  bureau: Words
  addressee: string
  case_no: string
  item: Words
  issued_on: Day
  paragraphs: NoticeParagraph[]
  remedies?: Remedies | null
  seal: Words
  query_code?: string | null
}

/* Cases, staff */
export interface TaskRow {
  task_id: string
  case_id: string
  case_no: string
  item: string
  item_name: Words
  applicant_masked: string
  number_tail: string
  channel: 'online' | 'window'
  stage: string
  stage_name: Words
  due_on?: Day | null
  promised_from?: Day | null
  overdue: boolean
  provisional: boolean
  risk_note?: string | null
  holder?: { staff_id: string; name: string } | null
  received_at: Instant
  version: number
  may_claim: boolean
  why_not?: string | null
}
export interface TaskCounts { all: number; mine: number; unclaimed: number; today: number; overdue: number; waiting: number }
export interface CandidateRow { staff_id: string; name: string; open_tasks: number }
export interface Check { id: string; label: string; ok: boolean | null; detail: string; source: string; basis: string }
export interface Benefit { months: number; monthly_fen: number; total_fen: number; basis: string }
export interface StaffCase extends CaseView {
  org: string
  risk: 'L' | 'M' | 'H'
  task?: { task_id: string; stage: string; holder?: { staff_id: string; name: string } | null; mine: boolean } | null
  checks: Check[]
  rule?: { decision: string; edition: number; outcome: string; rule: string } | null
  benefit?: Benefit | null
  materials: MaterialSlot[]
  parties: { acceptor?: string | null; reviewer?: string | null; decider?: string | null }
  grounds: RefusalGround[]
  flow: { xml: string; done: string[]; now: string[] }
  site_check?: { place: string; at: Instant; facts: string; by: string[]; confirmed: boolean } | null
  next: string[]
  blocked: { act: string; code: string; why: string }[]
}
export interface StaffCaseRow extends CaseRow { applicant_masked: string; ready_at?: Instant | null }
export interface Unmasked { name: string; number: string; mobile?: string | null }

/* Messages, ratings, insight, operation */
export interface MessageRow {
  message_id: string
  title: string
  body: string
  at: Instant
  read_at?: Instant | null
  case_id?: string | null
  notice_id?: string | null
}
export interface OutboxRow { channel: string; to_masked: string; text: string; at: Instant; state: string }
export interface RatingLevel { stars: number; level: Words; labels: { code: string; text: string; core: boolean }[] }
export interface RatingRow { item_name: Words; stars: number; labels: string[]; text?: string | null; at: Instant; case_closed_on: Day }
export interface RatingSummary { rated: number; closed: number; stars: Record<string, number> }
export interface TodayFigures {
  received: number
  accepted: number
  closed: number
  delivered: number
  overdue_now: number
  on_time_rate?: number | null
  one_visit_rate?: number | null
  instant_rate?: number | null
  rating_mean?: number | null
  rated: number
  rating_rate?: number | null
}
export interface Today extends TodayFigures {
  as_of: Instant
  week_before: TodayFigures
  spark: { received: number[]; closed: number[] }
}
export interface Month {
  as_of: Instant
  days: { day: Day; received: number; accepted: number; closed: number; overdue: number }[]
  by_item: { item: string; name: Words; received: number; closed: number; mean_working_days?: number | null }[]
  by_channel: { channel: string; received: number }[]
  by_org: { org: string; name: string; open: number; overdue: number }[]
  ratings: { stars: number; count: number }[]
}
export interface PublicFigures {
  one_visit_rate?: number | null
  mean_working_days?: number | null
  on_time_rate?: number | null
  rating_mean?: number | null
  as_of: Instant
}
export interface StreamEvent { kind: string; case_id?: string }
export interface JobRow { job_id: string; kind: string; attempts: number; state: string; last_error?: string | null; run_at: Instant }
/** One entry of the audit log: references only, never a personal value. */
export interface AuditRow {
  at: Instant
  actor: { kind: 'stranger' | 'person' | 'agent' | 'staff' | 'system'; id?: string | null; employer_id?: string | null }
  action: string
  subject: string
  /** `done`, or the code of the refusal. */
  outcome: string
  request_id: string
  station?: string | null
  lane: number
  seq: number
  hash: string
}
/** A staff member was changed: his version afterwards. */
export interface StaffChanged { staff_id: string; version: number }
