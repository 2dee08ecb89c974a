import { api, useAction, useLoaded, type List, type SessionRow } from '@/shared/api'
import { announce } from '@/shared/ui/announce'
import { t } from '../locales'

/** The devices that are signed in, and ending one of them. */
export function useSessions() {
  const list = useLoaded((signal) => api.get<List<SessionRow>>('/sessions', undefined, { signal }))
  const revoke = useAction(async (key, id: string) => {
    await api.delete(`/sessions/${id}`, { key })
    announce(t.account.sessions.revoked)
    await list.reload()
  })
  return { list, revoke }
}
