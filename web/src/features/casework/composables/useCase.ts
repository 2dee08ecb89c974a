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

/** The date that the applicant waits for, and whether it is provisional. */
export function expectedOf(view: CaseView): { day: string; provisional: boolean; overdue: boolean } | undefined {
  if (isDecided(view.state)) return undefined
  const clock = view.clocks.find((entry) => entry.due_on === view.expected_on)
  const day = view.expected_on ?? undefined
  return day ? { day, provisional: view.expected_provisional, overdue: clock?.overdue ?? false } : undefined
}
