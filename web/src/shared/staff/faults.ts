import type { ApiProblem } from '@/shared/api'

/** The words of a problem for one field, by its JSON pointer. */
export function faultAt(problem: ApiProblem | undefined, pointer: string): string | undefined {
  return problem?.faults.find((fault) => fault.pointer === pointer)?.title
}

/** Somebody else has changed the case since it was loaded; what is typed can be kept. */
export function isStale(problem: ApiProblem | undefined): boolean {
  return problem?.code === 'E1010' || problem?.status === 412
}
