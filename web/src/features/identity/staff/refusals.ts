import { ApiProblem } from '@/shared/api'
import { t } from './locales'

const WRONG_PASSWORD = 'E1103'

/** A wrong password is refused with advice for citizens; a colleague's is reset by the administrator of his agency. */
export function forStaff(problem: ApiProblem | undefined): ApiProblem | undefined {
  if (!problem) return undefined
  const advised = <Told extends { code: string; detail: string }>(told: Told): Told => (told.code === WRONG_PASSWORD ? { ...told, detail: t.signIn.advice } : told)
  const { kind, code, title, detail, status, requestId, caseId, retryAt } = problem
  const told = { ...advised({ code, detail }), title, status, request_id: requestId, case_id: caseId, faults: problem.faults.map(advised) }
  return new ApiProblem(kind, told, retryAt)
}
