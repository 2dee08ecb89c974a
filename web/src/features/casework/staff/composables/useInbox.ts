import { computed, ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { TaskRow } from '@/shared/api'
import { onChange } from '@/shared/live'
import { usePaged } from '@/shared/staff/usePaged'
import { announce } from '@/shared/ui'
import { t } from '../locales'
import { rememberQueue } from '../queue'
import { listTasks } from '../staff.api'
import { whyNot } from '../words'
import { useClaims, type ClaimResult } from './useClaims'
import { useSelection } from './useSelection'
import { useTaskCounts } from './useTaskCounts'
import { useTaskFilters, viewNamed, type TaskView } from './useTaskFilters'

/** The inbox: saved view, filters, rows by cursor, the row in hand, claims, and news from others. */
export function useInbox(isQuiet: () => boolean) {
  const route = useRoute(), router = useRouter()
  const counts = useTaskCounts()
  const selection = useSelection()
  const active = ref(0)
  const hasNews = ref(false)
  const refused = ref<ClaimResult['refused']>([])
  const filters = useTaskFilters(route.query, restart)
  const list = usePaged<TaskRow>((cursor, signal) => listTasks(filters.query.value, cursor, signal))
  const claims = useClaims((row) => list.patch((old) => (old.task_id === row.task_id ? row : old)))
  const selected = computed(() => list.rows.value.filter((row) => selection.has(row.task_id)))

  function restart(): void {
    selection.clear()
    active.value = 0
    void router.replace({ path: '/tasks', query: filters.address.value })
    void reload()
  }

  async function reload(): Promise<void> {
    hasNews.value = false
    await list.reload()
    rememberQueue(list.rows.value.map((row) => row.case_id))
  }

  async function claim(row: TaskRow): Promise<void> {
    if (!row.may_claim) return announce(row.holder ? t.tasks.atWork(row.holder.name) : whyNot(row.why_not))
    if (await claims.claim(row)) announce(t.tasks.claimed(row.case_no))
    void counts?.reload()
  }

  async function release(row: TaskRow): Promise<void> {
    if (await claims.release(row)) announce(t.tasks.released(row.case_no))
    void counts?.reload()
  }

  async function claimSelected(): Promise<void> {
    const result = await claims.claimAll(selected.value.filter((row) => row.may_claim && !row.holder))
    refused.value = result.refused
    selection.clear()
    announce(t.tasks.claimedSome(result.claimed) + (result.refused.length ? t.tasks.refusedSome(result.refused.length) : ''))
    void counts?.reload()
  }

  function adoptView(name: unknown): void {
    const view: TaskView = viewNamed(name)
    if (name !== undefined && view !== filters.view.value) filters.view.value = view
  }

  onChange('tasks', () => {
    if (isQuiet() && selection.count.value === 0) void reload()
    else hasNews.value = true
  }, 1500)
  void reload()

  return { filters, list, counts, selection, selected, active, hasNews, refused, claims, reload, claim, release, claimSelected, adoptView, remember: () => rememberQueue(list.rows.value.map((row) => row.case_id)) }
}
