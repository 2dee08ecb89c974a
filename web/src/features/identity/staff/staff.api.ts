import { api, type AbsenceRow, type List, type OneTimePassword, type OrgRow, type PostRow, type StaffChanged, type StaffRow } from '@/shared/api'

export interface NewStaff { account: string; name: string; org: string; password: string; citizen_no?: string }
export type AbsenceReason = AbsenceRow['reason']
export interface NewAbsence { staff_id: string; from: string; to: string; deputy_id: string; reason: AbsenceReason }
export interface PostAt { post: string; org: string }

/** What the window reads from the identity card. */
export interface CardHolder { name: string; citizen_no: string }

export const listOrganisations = (signal?: AbortSignal) => api.get<List<OrgRow>>('/organisations', undefined, { signal })
export const listPosts = (signal?: AbortSignal) => api.get<List<PostRow>>('/posts', undefined, { signal })
export const listStaff = (org: string, cursor?: string, signal?: AbortSignal) => api.get<List<StaffRow>>('/staff', { org, cursor, limit: 100 }, { signal })
export const addStaff = (staff: NewStaff, key?: string) => api.post<StaffChanged>('/staff', staff, { key })
export const changeStaff = (row: StaffRow, change: { name: string; org: string; active: boolean }, key?: string) =>
  api.put<StaffChanged>(`/staff/${row.staff_id}`, change, { version: row.version, key })
export const setPosts = (staff: string, version: number, posts: PostAt[], key?: string) => api.put<StaffChanged>(`/staff/${staff}/posts`, { posts }, { version, key })
export const handOver = (staff: string, to: string, key?: string) => api.post<StaffChanged>(`/staff/${staff}/hand-over`, { to }, { key })
export const listAbsences = (signal?: AbortSignal) => api.get<List<AbsenceRow>>('/absences', undefined, { signal })
export const addAbsence = (absence: NewAbsence, key?: string) => api.post<{ absence_id: string }>('/absences', absence, { key })
export const removeAbsence = (id: string, key?: string) => api.delete(`/absences/${id}`, { key })
export const resetPassword = (holder: CardHolder, key?: string) => api.post<OneTimePassword>('/counter/password-resets', holder, { key })
