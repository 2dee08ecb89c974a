import { computed, ref, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue'
import { asProblem, newKey, whenSignedIn, type ApiProblem, type StaffCase } from '@/shared/api'
import { onChange } from '@/shared/live'
import { isStale } from '@/shared/staff/faults'
import { announce } from '@/shared/ui'
import { actsOf, type Act } from '../acts'
import { t } from '../locales'
import { claimTask, doAct, findStaffCase, releaseTask } from '../staff.api'
import { useTaskCounts } from './useTaskCounts'

/**
 * One case for staff: loads it, keeps it current, and does acts on the version that is shown. After
 * a stale version the newest one is loaded while what was typed stays with its form.
 */
export function useStaffCase(id: MaybeRefOrGetter<string>) {
  const data = shallowRef<StaffCase>()
  const problem = shallowRef<ApiProblem>()
  const actProblem = shallowRef<ApiProblem>()
  const loading = ref(true)
  const busy = ref(false)
  const hasNews = ref(false)
  /** Something is written for an act that is not done yet. */
  const unsent = ref(false)
  const counts = useTaskCounts()
  const acts = computed<Act[]>(() => actsOf(data.value?.next ?? []))
  let attempt = { of: '', key: newKey() }

  async function load(): Promise<void> {
    const wanted = toValue(id)
    loading.value = true
    try {
      const answer = await findStaffCase(wanted)
      if (wanted !== toValue(id)) return
      data.value = answer
      problem.value = undefined
      hasNews.value = false
    } catch (cause) {
      if (wanted === toValue(id)) problem.value = asProblem(cause)
    }
    loading.value = false
  }

  /** Looks whether the case has moved on: shown at once where nobody types, else only told. */
  async function look(): Promise<void> {
    const shown = data.value
    if (!shown || busy.value) return
    const newest = await findStaffCase(shown.case_id).catch(() => undefined)
    if (!newest || busy.value || newest.case_id !== data.value?.case_id || newest.version <= data.value.version) return
    if (acts.value.some((act) => act.how !== 'now')) hasNews.value = true
    else data.value = newest
  }

  /** Loads the newest version after a stale one and forgets the refusal. */
  async function refresh(): Promise<void> {
    actProblem.value = undefined
    await load()
  }

  async function guarded(what: string, work: (key: string, shown: StaffCase) => Promise<void>): Promise<boolean> {
    const shown = data.value
    if (!shown || busy.value) return false
    if (attempt.of !== what) attempt = { of: what, key: newKey() }
    busy.value = true
    actProblem.value = undefined
    try {
      await work(attempt.key, shown)
      attempt = { of: '', key: newKey() }
      void counts?.reload()
      return true
    } catch (cause) {
      actProblem.value = asProblem(cause)
      if (!actProblem.value.isUnanswered) attempt = { of: '', key: newKey() }
      return false
    } finally {
      busy.value = false
    }
  }

  const run = (act: Act, body: unknown = {}) => guarded(`${act.name} ${JSON.stringify(body)}`, async (key, shown) => {
    await doAct(shown.case_id, act.path, body, shown.version, key)
    unsent.value = false
    announce(act.done)
    await load()
  })
  const claim = () => guarded('claim', async (key, shown) => {
    if (!shown.task) return
    await claimTask(shown.task.task_id, key)
    announce(t.page.claimed)
    await load()
  })
  const release = () => guarded('release', async (key, shown) => {
    if (!shown.task) return
    await releaseTask(shown.task.task_id, key)
    announce(t.page.released)
    await load()
  })

  watch(() => toValue(id), () => {
    data.value = undefined
    actProblem.value = undefined
    unsent.value = false
    void load()
  }, { immediate: true })
  onChange('cases', () => void look(), undefined, (event) => !event.case_id || event.case_id === toValue(id))
  whenSignedIn(() => {
    if (actProblem.value?.kind === 'signed_out') actProblem.value = undefined
    void (data.value ? look() : load())
  })

  return { data, problem, loading, busy, acts, actProblem, isStale: computed(() => isStale(actProblem.value)), hasNews, unsent, load, refresh, run, claim, release }
}

export type StaffCaseState = ReturnType<typeof useStaffCase>
