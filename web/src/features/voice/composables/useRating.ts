import { computed, reactive, ref, watch } from 'vue'
import { api, useAction, useLoaded, type CaseRating, type CaseView, type List, type RatingLevel } from '@/shared/api'
import { t } from '../locales'

/** Rating one case: five levels with their labels, voluntary, and one addition to it later. */
export function useRating(caseId: string) {
  const source = useLoaded(async (signal) => {
    const [levels, view, own] = await Promise.all([
      api.get<List<RatingLevel>>('/rating-labels', undefined, { signal }),
      api.get<CaseView>(`/cases/${caseId}`, undefined, { signal }),
      api.get<CaseRating>(`/cases/${caseId}/rating`, undefined, { signal })
    ])
    return { levels: [...levels.rows].sort((a, b) => b.stars - a.stars), view, own }
  })
  const entry = reactive({ stars: '', labels: [] as string[], text: '', anonymous: true })
  const tried = ref(false), done = ref(false)
  const error = computed(() => (tried.value && !entry.stars ? t.needLevel : ''))
  const level = computed(() => source.data.value?.levels.find((row) => String(row.stars) === entry.stars))
  const own = computed(() => source.data.value?.own)
  const allowed = computed(() => own.value?.can_rate || own.value?.can_add || false)

  watch(() => entry.stars, () => { entry.labels = [] })

  const { run, busy, problem } = useAction(async (key) => {
    const text = entry.text.trim()
    const body = { case_id: caseId, stars: Number(entry.stars), labels: entry.labels, anonymous: entry.anonymous, ...(text ? { text } : {}) }
    await api.post('/ratings', body, { key })
    done.value = true
  })

  async function submit(): Promise<void> {
    tried.value = true
    if (!error.value) await run()
  }

  return { source, entry, error, done, level, own, allowed, busy, problem, submit }
}
