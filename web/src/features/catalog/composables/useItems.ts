import { computed, ref, watch, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { api, useLoaded, type FoundAll, type ItemRow, type LifeEvent, type List, type Loaded, type Topic } from '@/shared/api'

/** All items of the catalogue. */
export function useAllItems(): Loaded<List<ItemRow>> {
  return useLoaded((signal) => api.get<List<ItemRow>>('/items', undefined, { signal }))
}

/** All life events. */
export function useLifeEvents(): Loaded<List<LifeEvent>> {
  return useLoaded((signal) => api.get<List<LifeEvent>>('/life-events', undefined, { signal }))
}

const NOTHING: FoundAll = { certain: true, items: [], answers: [], life_events: [], halls: [], elsewhere: [], pages: [] }

/** The list of items: all of them, or what the server finds; the page narrows; the words stay in the address. */
export function useItemSearch() {
  const route = useRoute(), router = useRouter()
  const query = ref(String(route.query.q ?? ''))
  const who = ref(String(route.query.who ?? ''))
  const chosen: Ref<string[]> = ref(String(route.query.topic ?? '').split(',').filter(Boolean))
  const onlyFree = ref(false)
  const topics = useLoaded((signal) => api.get<List<Topic>>('/topics', undefined, { signal }))
  const found = useLoaded<FoundAll>(async (signal) => {
    const asked = query.value.trim()
    if (asked) return api.get<FoundAll>('/search', { query: asked, applicant: who.value }, { signal })
    return { ...NOTHING, items: (await api.get<List<ItemRow>>('/items', { applicant: who.value }, { signal })).rows }
  })

  let timer: ReturnType<typeof setTimeout> | undefined
  watch([query, who, chosen], ([asked, kind, fields], [askedBefore, kindBefore]) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      void router.replace({ query: { ...(asked ? { q: asked } : {}), ...(kind ? { who: kind } : {}), ...(fields.length ? { topic: fields.join(',') } : {}) } })
      if (asked !== askedBefore || kind !== kindBefore) void found.reload()
    }, 250)
  })
  watch(() => route.query.q, (q) => { if ((q ?? '') !== query.value) query.value = String(q ?? '') })

  const all = computed(() => found.data.value?.items ?? [])
  const topicOf = computed(() => new Map((topics.data.value?.rows ?? []).flatMap((topic) => topic.items.map((code) => [code, topic.id]))))
  const rows = computed(() => all.value.filter((row) => (!chosen.value.length || chosen.value.includes(topicOf.value.get(row.code) ?? '')) && (!onlyFree.value || row.materials_asked === 0)))
  const counted = computed(() => {
    const counts = new Map<string, number>()
    for (const row of all.value) {
      const topic = topicOf.value.get(row.code)
      if (topic) counts.set(topic, (counts.get(topic) ?? 0) + 1)
    }
    return (topics.data.value?.rows ?? []).filter((topic) => counts.has(topic.id) || chosen.value.includes(topic.id)).map((topic) => ({ ...topic, count: counts.get(topic.id) ?? 0 }))
  })
  return { query, who, chosen, onlyFree, found, rows, topics: counted }
}
