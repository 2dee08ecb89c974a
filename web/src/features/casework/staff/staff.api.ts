import {
  api, call, type Acted, type CandidateRow, type CaseCount, type CaseEntries, type CaseEntry, type ItemGuide, type FoundAll, type ItemRow, type List, type Notice,
  type OwnViews, type StaffCase, type StaffCaseRow, type TaskCounts, type TaskRow, type ToServeRow, type Unmasked
} from '@/shared/api'
import type { CaseFilter, CaseView } from './caseViews'
import { soughtText } from './search'

export interface TaskQuery {
  view: string
  item: string
  stage: string
  channel: string
  from: string
  to: string
  query: string
  order: 'due' | 'newest'
}
export interface CounterParty {
  item: string
  applicant: { kind: 'person'; name: string; citizen_no: string } | { kind: 'enterprise'; credit_code: string }
  agent?: { name: string; citizen_no: string }
}

export const PAGE_ROWS = 100

/** What was chosen: an empty choice is none. */
const givenOnly = (filter: Record<string, string | number | undefined>) =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== '' && value !== undefined))

/** A text may be a name: it goes in the body, since proxies keep addresses. */
export const listTasks = ({ query, ...filter }: TaskQuery, cursor?: string, signal?: AbortSignal) => {
  const text = soughtText(query)
  const page = { ...filter, cursor, limit: PAGE_ROWS }
  return text
    ? api.post<List<TaskRow>>('/task-searches', { query: text, filter: givenOnly(page) }, { signal })
    : api.get<List<TaskRow>>('/tasks', page, { signal })
}
export const countTasks = (signal?: AbortSignal) => api.get<TaskCounts>('/tasks/counts', undefined, { signal })
export const claimTask = (task: string, key?: string) => api.post<Acted>(`/tasks/${task}/claim`, {}, { key })
export const releaseTask = (task: string, key?: string) => api.post<Acted>(`/tasks/${task}/release`, {}, { key })
export const listCandidates = (task: string, signal?: AbortSignal) => api.get<List<CandidateRow>>(`/tasks/${task}/candidates`, undefined, { signal })
export const reassignTask = (task: string, to: string, reason: string, key?: string) => api.post<Acted>(`/tasks/${task}/reassign`, { to, reason }, { key })

export const findStaffCase = (id: string, signal?: AbortSignal) => api.get<StaffCase>(`/workbench/cases/${id}`, undefined, { signal })
export const searchCases = (query: string, cursor?: string, signal?: AbortSignal) =>
  api.post<List<StaffCaseRow>>('/workbench/case-searches', { query: soughtText(query), cursor }, { signal })
export const unmaskParty = (id: string, reason: string, key?: string) => api.post<Unmasked>(`/workbench/cases/${id}/unmask`, { reason }, { key })
export const doAct = (id: string, path: string, body: unknown, version: number, key?: string) =>
  api.post<Acted>(`/cases/${id}/${path}`, body, { version, key })
export const findNotice = (id: string, notice: string, signal?: AbortSignal) => api.get<Notice>(`/cases/${id}/notices/${notice}`, undefined, { signal })

export const listItems = (signal?: AbortSignal) => api.get<List<ItemRow>>('/items', undefined, { signal })
/** Items that fit what was said, the best first; all of them when nothing was. */
export const findItems = async (query: string, signal?: AbortSignal): Promise<{ certain: boolean; items: ItemRow[] }> =>
  query ? api.get<FoundAll>('/search', { query }, { signal }) : { certain: true, items: (await listItems(signal)).rows }
export const findGuide = (code: string, signal?: AbortSignal) => api.get<ItemGuide>(`/items/${code}`, undefined, { signal })

export const startCounterCase = (party: CounterParty, key?: string) => api.post<Acted>('/counter/cases', party, { key })
/** Receives at the counter; `promises` names the papers for which the applicant gives a written promise. */
export const receiveCase = (id: string, body: { read_back: true; electronic_service: boolean; promises?: string[] }, version: number, key?: string) =>
  api.post<Acted>(`/counter/cases/${id}/receive`, body, { version, key })
/** The drafts that this clerk has begun at his window and not received. */
export const listWindowDrafts = (signal?: AbortSignal) => api.get<List<StaffCaseRow>>('/counter/cases', undefined, { signal })
export const dropDraft = (id: string) => api.delete(`/cases/${id}`)

/** Cases whose flow cannot go on, for whoever supervises them. */
export const listStuckCases = (signal?: AbortSignal) => api.get<List<StaffCaseRow>>('/workbench/stuck-cases', undefined, { signal })
/** Papers that wait to be served on the other party of a case. */
export const listToServe = (cursor?: string, signal?: AbortSignal) => api.get<List<ToServeRow>>('/delivery/other-party', { cursor }, { signal })
export const listReady = (query: string, cursor?: string, signal?: AbortSignal) => {
  const text = soughtText(query)
  return text
    ? api.post<List<StaffCaseRow>>('/delivery-searches', { query: text, cursor }, { signal })
    : api.get<List<StaffCaseRow>>('/delivery', { cursor }, { signal })
}

/** Pages without a row that are passed over at once: the list looks through so much at a time. */
const EMPTY_PAGES_MAX = 8

/** A page of the list of cases; where a page found nothing, the next ones, until one does. */
export async function listCases(filter: CaseFilter, cursor?: string, signal?: AbortSignal): Promise<List<CaseEntry> & { looked_to?: string | null }> {
  let page = await api.get<CaseEntries>('/workbench/cases', { ...filter, cursor, limit: PAGE_ROWS }, { signal })
  for (let tries = 1; !page.rows.length && page.next && tries < EMPTY_PAGES_MAX; tries++) {
    page = await api.get<CaseEntries>('/workbench/cases', { ...filter, cursor: page.next, limit: PAGE_ROWS }, { signal })
  }
  return page
}
export const countCases = (filter: CaseFilter, signal?: AbortSignal) => api.get<CaseCount>('/workbench/cases/count', filter, { signal })
/** The caller's own views with the version that a change of them has to name. */
export const findOwnViews = (signal?: AbortSignal) => call<OwnViews>('GET', '/workbench/case-views', { signal })
export const keepOwnViews = (views: CaseView[], version: number, key?: string) =>
  api.put<{ version: number }>('/workbench/case-views', { views: views.map(({ name, filter }) => ({ name, filter })) }, { version, key })
export const exportCases = (filter: CaseFilter, onProgress: (bytes: number) => void, signal: AbortSignal) =>
  api.download('/workbench/cases/export', filter, { onProgress, signal })
