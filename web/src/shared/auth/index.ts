import { computed, readonly, ref, shallowRef } from 'vue'
import { api, onSignedOut, tellSignedIn, type Session } from '@/shared/api'

const current = shallowRef<Session>({ kind: 'stranger' })
const known = ref(false)
const lost = ref(false)

onSignedOut(() => { if (current.value.kind !== 'stranger') lost.value = true })

/** The session as last told by the server. */
export const session = readonly(current)
/** Whether the server has been asked. */
export const sessionKnown = readonly(known)
/** A session was there and has ended while the page was open. */
export const sessionLost = readonly(lost)
export const citizen = computed(() => current.value.citizen)
export const staff = computed(() => current.value.staff)
/** Who looks at the pages; another role is another viewer, and none is ''. */
export const viewer = computed(() => (citizen.value ? `${citizen.value.person_id}/${citizen.value.acting.employer_id ?? ''}` : staff.value?.staff_id ?? ''))

/** Takes over a session that the server answered. */
export function adoptSession(next: Session): Session {
  current.value = next
  known.value = true
  if (lost.value) {
    lost.value = false
    if (next.kind !== 'stranger') tellSignedIn()
  }
  return next
}

let asked: Promise<Session> | undefined

/** Asks for the session once per page load. */
export function loadSession(): Promise<Session> {
  asked ??= api.get<Session>('/session', undefined, { quiet: true }).then(adoptSession).catch((cause: unknown) => {
    asked = undefined
    throw cause
  })
  return asked
}

/** Asks again, for instance after another tab changed the role. */
export async function refreshSession(): Promise<Session> {
  return adoptSession(await api.get<Session>('/session', undefined, { quiet: true }))
}

/** With a one-time password from a window comes the password that takes its place. */
export async function signInCitizen(account: string, password: string, fresh?: string, key?: string): Promise<Session> {
  const body = { account, password, ...(fresh === undefined ? {} : { new_password: fresh }) }
  return takeOver(await api.post<Session>('/session/citizen', body, { quiet: true, key }))
}

export async function signInStaff(account: string, password: string, key?: string): Promise<Session> {
  return adoptSession(await api.post<Session>('/session/staff', { account, password }, { quiet: true, key }))
}

export async function signInWithProvider(provider: string, ticket: string, key?: string): Promise<Session> {
  return takeOver(await api.post<Session>('/session/provider', { provider, ticket }, { quiet: true, key }))
}

/** Whoever signs in again over a page acts for the same enterprise as before, or the page would no longer be his. */
async function takeOver(next: Session): Promise<Session> {
  const acted = lost.value && next.citizen?.person_id === citizen.value?.person_id ? citizen.value?.acting.employer_id : undefined
  const role = acted ? api.put<Session>('/session/acting', { employer_id: acted }, { quiet: true }) : next
  return adoptSession(await Promise.resolve(role).catch(() => next))
}

export async function signOut(): Promise<void> {
  await api.delete('/session', { quiet: true })
  adoptSession({ kind: 'stranger' })
}

/** Acts for oneself (`null`) or as agent of an enterprise. */
export async function actFor(employerId: string | null): Promise<Session> {
  return adoptSession(await api.put<Session>('/session/acting', { employer_id: employerId }))
}

/** Gives up a session that has ended, and with the document all that its pages hold. */
export function leaveSession(to: string): void {
  location.assign(to)
}

/** Whether the staff member holds a permission anywhere. */
export function may(permission: string): boolean {
  return current.value.staff?.permissions.includes(permission) ?? false
}
