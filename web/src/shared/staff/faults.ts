import type { ApiProblem } from '@/shared/api'
import { common } from '@/shared/locales/common'

/** The words of a problem for one field, by its JSON pointer. */
export function faultAt(problem: ApiProblem | undefined, pointer: string): string | undefined {
  const fault = problem?.faults.find((one) => one.pointer === pointer)
  return fault && `${fault.title}${common.colon}${fault.detail}`
}

/** Somebody else has changed the case since it was loaded; what is typed can be kept. */
export function isStale(problem: ApiProblem | undefined): boolean {
  return problem?.code === 'E1010' || problem?.status === 412
}
