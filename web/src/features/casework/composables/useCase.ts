import { api, useLoaded, type CaseState, type CaseView, type Loaded } from '@/shared/api'
import { onChange } from '@/shared/live'

/** One case of one's own; follows the stream of changes. */
export function useCase(caseId: string): Loaded<CaseView> {
  const loaded = useLoaded((signal) => api.get<CaseView>(`/cases/${caseId}`, undefined, { signal }))
  onChange('cases', () => void loaded.reload(), undefined, (event) => !event.case_id || event.case_id === caseId)
  return loaded
}

const DECIDED: CaseState[] = ['GRANTED', 'DENIED', 'MAKING', 'READY', 'DELIVERED', 'NOT_ACCEPTED', 'NOT_REQUIRED', 'WITHDRAWN', 'LAPSED']

/** Whether nobody waits for a decision any more. */
export function isDecided(state: CaseState): boolean {
  return DECIDED.includes(state)
}

/** By when a window has looked through what was submitted, while it does. */
export function preReviewOf(view: CaseView): CaseView['clocks'][number] | undefined {
  return view.state === 'SUBMITTED' ? view.clocks.find((clock) => clock.kind === 'pre_review' && !clock.stopped_at) : undefined
}

const WITH_STAFF: CaseState[] = ['REVIEWING', 'DECIDING']

/** Whether a case of an instant item is with a person: its applicant is told why there is no result yet. */
export function isHandedOn(view: Pick<CaseView, 'state' | 'kind'>): boolean {
  return view.kind === 'instant' && WITH_STAFF.includes(view.state)
}

/** By when the window says whether it accepts what was corrected. */
export function acceptanceOf(view: CaseView): CaseView['clocks'][number] | undefined {
  return view.state === 'CORRECTED' ? view.clocks.find((clock) => clock.kind === 'acceptance' && !clock.stopped_at) : undefined
}

const HANDED_OUT: CaseState[] = ['MAKING', 'READY', 'DELIVERED']

/** How it was decided, where the state tells only how far the result has got: `granted` or `denied`. */
export function outcomeOf(view: Pick<CaseView, 'state' | 'outcome'>): string | undefined {
  return HANDED_OUT.includes(view.state) ? view.outcome ?? undefined : undefined
}

/** The date that the applicant waits for, and whether it is provisional. */
export function expectedOf(view: CaseView): { day: string; provisional: boolean; overdue: boolean } | undefined {
  if (isDecided(view.state)) return undefined
  const clock = view.clocks.find((entry) => entry.due_on === view.expected_on)
  const day = view.expected_on ?? undefined
  return day ? { day, provisional: view.expected_provisional, overdue: clock?.overdue ?? false } : undefined
}
