import {
  api, type Acted, type CandidateRow, type ItemGuide, type ItemRow, type List, type Notice,
  type StaffCase, type StaffCaseRow, type TaskCounts, type TaskRow, type Unmasked
} from '@/shared/api'
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

export const listItems = (query: string, signal?: AbortSignal) => api.get<List<ItemRow>>('/items', { query }, { signal })
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
export const listReady = (query: string, cursor?: string, signal?: AbortSignal) => {
  const text = soughtText(query)
  return text
    ? api.post<List<StaffCaseRow>>('/delivery-searches', { query: text, cursor }, { signal })
    : api.get<List<StaffCaseRow>>('/delivery', { cursor }, { signal })
}
