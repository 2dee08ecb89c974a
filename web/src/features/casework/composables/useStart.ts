import { computed, shallowRef, watch } from 'vue'
import { useRouter } from 'vue-router'
import { api, useAction, useLoaded, type Acted, type CaseRow, type List, type Role, type SessionCitizen } from '@/shared/api'
import { citizen } from '@/shared/auth'

/** The item serves the other kind of applicants. */
const OTHER_APPLICANTS = 'E1220'
const DRAFTS_MAX = 100

/** The way to the form of an item: a draft that is kept is offered first, without one a new one is opened. */
export function useStart(item: string) {
  const router = useRouter()
  const asked = shallowRef(false)

  const drafts = useLoaded(async (signal) => {
    const { rows } = await api.get<List<CaseRow>>('/my/cases', { which: 'drafts', limit: DRAFTS_MAX }, { signal })
    return draftsOf(rows, item)
  })
  const open = useAction(async (key) => {
    const opened = await api.post<Acted>('/cases', { item }, { key })
    await router.replace(`/apply/${opened.case_id}`)
  })

  watch(drafts.data, (found) => {
    if (asked.value || !found || found.length) return
    asked.value = true
    void open.run()
  })

  const kept = computed(() => drafts.data.value ?? [])
  const problem = computed(() => open.problem.value ?? (drafts.data.value ? undefined : drafts.problem.value))
  const isForOthers = computed(() => problem.value?.code === OTHER_APPLICANTS)
  const roles = computed(() => (isForOthers.value && citizen.value ? rolesToOffer(citizen.value) : []))
  const again = () => (drafts.data.value ? open.run() : drafts.reload())
  return { kept, open, problem, isForOthers, roles, again }
}

/** The drafts of an item, the one that was saved last first. */
export function draftsOf(rows: readonly CaseRow[], item: string): CaseRow[] {
  return rows.filter((row) => row.item === item).sort((a, b) => Date.parse(b.updated_at) - Date.parse(a.updated_at))
}

/** Where an item is not for the kind of applicant one acts as, it is for the other kind. */
export function rolesToOffer({ acting, roles }: Pick<SessionCitizen, 'acting' | 'roles'>): Role[] {
  return roles.filter((role) => role.kind !== acting.kind)
}
