import { api, type EditionContent, type EditionsCompared, type List, type Standard, type StandardRow } from '@/shared/api'

/** An edition that something is done with, and the version of its item that was seen. */
export interface EditionAt { code: string; edition: number; version: number }
/** What is said besides the name of the act. */
export interface ActBody { effective?: string; until?: string; reason?: string; right?: boolean }

export const listStandards = (signal?: AbortSignal) => api.get<List<StandardRow>>('/workbench/items', undefined, { signal })
export const findStandard = (code: string, signal?: AbortSignal) => api.get<Standard>(`/workbench/items/${code}`, undefined, { signal })
export const showEdition = (code: string, edition: number, signal?: AbortSignal) => api.get<EditionContent>(`/workbench/items/${code}/editions/${edition}`, undefined, { signal })
export const compareEditions = (code: string, edition: number, signal?: AbortSignal) => api.get<EditionsCompared>(`/workbench/items/${code}/editions/${edition}/differences`, undefined, { signal })

/** A review says whether the draft is right; every other act names itself. */
export function actOnEdition({ code, edition, version }: EditionAt, act: string, body: ActBody, key?: string) {
  const path = `/workbench/items/${code}/editions/${edition}`
  return act === 'review' ? api.post(`${path}/review`, body, { version, key }) : api.post(`${path}/standing`, { act, ...body }, { version, key })
}
