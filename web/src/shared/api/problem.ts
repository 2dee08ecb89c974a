import type { Fault, Problem } from './types'

/** What a failed call means for the person in front of the page. */
export type ProblemKind = 'offline' | 'timeout' | 'signed_out' | 'forbidden' | 'missing' | 'conflict' | 'refused' | 'busy' | 'broken'

/** A failed call: either a problem document of the server or a failure on the way to it. */
export class ApiProblem extends Error {
  readonly kind: ProblemKind
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly status: number
  readonly requestId: string
  readonly faults: Fault[]
  /** The case that stands in the way, where one does. */
  readonly caseId: string | undefined
  /** From when on the same call has a chance again, where the server said so. */
  readonly retryAt: number | undefined

  constructor(kind: ProblemKind, problem: Partial<Problem> = {}, retryAt?: number) {
    super(problem.title || kind)
    this.name = 'ApiProblem'
    this.kind = kind
    this.code = problem.code ?? ''
    this.title = problem.title ?? ''
    this.detail = problem.detail ?? ''
    this.status = problem.status ?? 0
    this.requestId = problem.request_id ?? ''
    this.faults = problem.faults ?? []
    this.caseId = problem.case_id ?? undefined
    this.retryAt = retryAt
  }

  /** Whether the answer never came, so that the same action may be sent again with the same key. */
  get isUnanswered(): boolean {
    return this.kind === 'offline' || this.kind === 'timeout'
  }
}

/** Makes any thrown value an [`ApiProblem`]; unknown ones count as broken. */
export function asProblem(cause: unknown): ApiProblem {
  return cause instanceof ApiProblem ? cause : new ApiProblem('broken', { detail: String(cause) })
}

/** The meaning of an HTTP status. */
export function kindOfStatus(status: number): ProblemKind {
  if (status === 401) return 'signed_out'
  if (status === 403) return 'forbidden'
  if (status === 404 || status === 410) return 'missing'
  if (status === 409 || status === 412 || status === 428) return 'conflict'
  if (status === 429 || status === 503) return 'busy'
  return status >= 500 ? 'broken' : 'refused'
}
