/* Names of the pages for what the API document describes. Shapes are generated; only what the document leaves open is narrowed here. */
import type * as gen from './generated/types.gen'
import type { Form, FormData } from './form'

export type * from './form'
export type {
  AbsenceRow, Acted, AgentRow, ApplicantKind, AuditRow, BlockedAct, Board, Calculated, CalculatorRow, CaseCount, CaseEntries, CaseEntry, CaseKind,
  CaseRating, CaseRow, CatalogSummary, Choices, ClockKind, DayFigures, Definition, EditionContent, EditionRow, EditionsCompared, Faq, FoundAll, Group, Hall,
  ItemFacts, ItemRow, JobRow, LifeEvent, Material, MaterialSlot, MessageRow, MySummary, Notice, NoticeKind, NoticeRow, OneTimePassword, OrgChoice,
  OrgRow, OtherPartyProgress, OtherPartyRow, OtherPartyState, OtherSide, OutboxRow, Period, PostRow, PublicFigures, RatingRow, RefusalGround,
  Remedies, Role, RosterActed, RosterPage, RosterRow, RosterView, SaidAt, Session, SessionCitizen, SessionRow, SessionStaff, StaffChanged, StaffRow, Standard,
  StandardRow, TaskCounts, TaskRow, TimeLimits, TimelineEntry, Topic, ToServeRow, Unmasked, Words
} from './generated/types.gen'

/** A calendar day `YYYY-MM-DD`. */
export type Day = string
/** An RFC 3339 instant. */
export type Instant = gen.Timestamp
export type Surface = 'portal' | 'workbench'
/** A page of rows. */
export type List<Row> = Omit<gen.RowsCaseRow, 'rows'> & { rows: Row[] }

export type Problem = gen.ProblemDocument
export type Fault = gen.FaultDocument
export type DemoIdentity = gen.ProviderIdentity
export type IdentityProvider = gen.ProviderRow
export type StaffPost = gen.PostView
export type OwnViews = gen.OwnViews
export type ExportRow = gen.ExportRow

type WithForm<Told> = Omit<Told, 'form' | 'data' | 'prefill'> & { form: Form; data: FormData }
export type CalculatorGuide = Omit<gen.CalculatorGuide, 'form'> & { form: Form }
export type ItemGuide = Omit<gen.ItemGuide, 'form'> & { form: Form }
export type CaseDraft = WithForm<gen.CaseDraft> & { prefill: { values: FormData; sources: gen.SourceView[] } }
export type CaseView = WithForm<gen.CaseView>
export type OtherPartyCase = WithForm<gen.OtherPartyCase>
export type CaseState = gen.State
export type CaseFile = gen.FileView
export type CaseStep = gen.StepView
export type Clock = gen.ClockView
export type Correction = gen.CorrectionView
export type CorrectionLine = gen.DefectView
export type FileAnswer = gen.AttachedFile
export type ComingFile = gen.UploadView
export type NoticeParagraph = gen.Paragraph
export type PrefillSource = gen.SourceView
export type PublicProgress = gen.Progress

export interface Benefit { months: number; monthly_fen: number; total_fen: number; basis: string }
export type StaffCase = Omit<WithForm<gen.StaffCase>, 'benefit'> & { benefit?: Benefit | null }
export type StaffCaseRow = gen.CaseRow
export type StaffTask = gen.OpenTaskView
export type CandidateRow = gen.Candidate
export type Check = gen.CheckView

export type RatingLevel = gen.Level
export type RatingView = gen.OwnRating
export type RatingSummary = gen.Summary
export type StreamEvent = gen.Told
/** The figures of a period or of a group. */
export type BoardFigures = gen.Figures
/** The name of a figure, as its definition has it. */
export type FigureName = gen.Figure
