import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { useRouter } from 'vue-router'
import { api, apiUrl, useAction, useLoaded, type List, type RosterActed, type RosterPage, type RosterRow } from '@/shared/api'
import { pick } from '@/shared/locales'
import { announce } from '@/shared/ui/announce'
import { r } from '../locales/roster'

/** How often the page looks while something moves: a page of rows takes about as long. */
const LOOK_MS = 1_500

type Which = 'bad' | 'doubtful' | 'cases'

/** Whether the server is at work on a roster. */
export function isMoving(state: RosterPage['state']): boolean {
  return ['reading', 'checking', 'submitting'].includes(state)
}

/** How many rows wait for confirmation. */
export function waitingOf(roster: Pick<RosterPage, 'rows_good' | 'rows_doubtful'>): number {
  return roster.rows_good + roster.rows_doubtful
}

/** Done and all of what is being done now; while a file is read nobody knows how many there are. */
export function progressOf(roster: RosterPage): { done: number; all: number | undefined; text: string } {
  if (roster.state === 'reading') return { done: roster.rows_read, all: undefined, text: r.reading(roster.rows_read) }
  if (roster.state === 'checking') return { done: roster.rows_checked, all: roster.rows_read, text: r.checking(roster.rows_checked, roster.rows_read) }
  const done = roster.rows_opened + roster.rows_failed
  return { done, all: waitingOf(roster), text: r.submitting(done, waitingOf(roster)) }
}

/** One roster: its progress as it goes, its rows, confirming and deleting it. */
export function useRoster(id: string) {
  const router = useRouter()
  const page = useLoaded((signal) => api.get<RosterPage>(`/rosters/${id}`, undefined, { signal }))
  const roster = page.data
  let timer: ReturnType<typeof setTimeout> | undefined
  let left = false

  watch([roster, page.problem], () => {
    clearTimeout(timer)
    if (!left && roster.value && isMoving(roster.value.state)) timer = setTimeout(() => void page.reload(), LOOK_MS)
  })
  onScopeDispose(() => {
    left = true
    clearTimeout(timer)
  })
  watch(() => roster.value?.state, (state, before) => {
    if (before && state && state !== before && roster.value) announce(pick(roster.value.state_name))
  })

  const bad = useRows(id, 'bad')
  const doubtful = useRows(id, 'doubtful')
  const cases = useRows(id, 'cases')
  watch(() => roster.value?.state, (state) => {
    if (state === 'checked' || state === 'finished') [bad, doubtful, cases].forEach((rows) => void rows.first.reload())
  })

  const given = ref({ declaration: false, electronic_service: false, promise: false })
  const asked = ref(false)
  const confirming = ref(false)
  const errors = computed(() => {
    const needs = roster.value?.promised.length ? ['declaration', 'electronic_service', 'promise'] : ['declaration', 'electronic_service']
    return asked.value ? needs.filter((name) => !given.value[name as keyof typeof given.value]) : []
  })
  const confirm = useAction(async (key) => {
    await api.post<RosterActed>(`/rosters/${id}/confirm`, given.value, { key, version: roster.value?.version })
    confirming.value = false
    await page.reload()
  })
  function submit(): void {
    asked.value = true
    if (!errors.value.length) void confirm.run()
  }

  const discarding = ref(false)
  const discard = useAction(async (key) => {
    await api.delete(`/rosters/${id}`, { key })
    await router.replace({ path: '/rosters', query: { item: roster.value?.item } })
  })
  const faults = apiUrl(`/rosters/${id}/faults`, { surface: 'portal' })
  return { page, roster, bad, doubtful, cases, given, errors, confirming, confirm, submit, discarding, discard, faults }
}

/** Rows of a roster, page by page. */
function useRows(id: string, which: Which) {
  const later = shallowRef<RosterRow[]>([])
  const cursor = ref<string | null>(null)
  const read = (signal?: AbortSignal) => api.get<List<RosterRow>>(`/rosters/${id}/rows`, { which, cursor: signal ? null : cursor.value }, { signal })
  const first = useLoaded(async (signal) => {
    const answer = await read(signal)
    if (!signal.aborted) {
      later.value = []
      cursor.value = answer.next ?? null
    }
    return answer.rows
  })
  const more = useAction(async () => {
    const answer = await read()
    later.value = [...later.value, ...answer.rows]
    cursor.value = answer.next ?? null
  })
  const rows = computed(() => [...(first.data.value ?? []), ...later.value])
  return { rows, cursor, first, more }
}

export type Rows = ReturnType<typeof useRows>
