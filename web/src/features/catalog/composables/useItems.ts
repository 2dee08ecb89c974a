import { computed, ref, watch, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { api, useLoaded, type ItemRow, type List, type Loaded } from '@/shared/api'
import { nearestOf } from './nearest'

/** All items of the catalogue. */
export function useAllItems(): Loaded<List<ItemRow>> {
  return useLoaded((signal) => api.get<List<ItemRow>>('/items', undefined, { signal }))
}

/** The list of items: the server searches, the page narrows; the words stay in the address. */
export function useItemSearch() {
  const route = useRoute(), router = useRouter()
  const query = ref(String(route.query.q ?? ''))
  const who = ref(String(route.query.who ?? ''))
  const domains: Ref<string[]> = ref([])
  const onlyFree = ref(false)
  const found = useLoaded((signal) => api.get<List<ItemRow>>('/items', { query: query.value.trim(), applicant: who.value }, { signal }))

  let timer: ReturnType<typeof setTimeout> | undefined
  watch([query, who], () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      void router.replace({ query: { ...(query.value ? { q: query.value } : {}), ...(who.value ? { who: who.value } : {}) } })
      void found.reload()
    }, 250)
  })
  watch(() => route.query.q, (q) => { if ((q ?? '') !== query.value) query.value = String(q ?? '') })

  const everything = ref<ItemRow[]>([])
  const near = computed(() => nearestOf(everything.value, query.value))
  watch(() => found.data.value, async (list) => {
    if (!list || list.rows.length || everything.value.length || !query.value) return
    try {
      everything.value = (await api.get<List<ItemRow>>('/items')).rows
    } catch {
      // Without suggestions the page still says what else to do.
    }
  })

  const all = computed(() => found.data.value?.rows ?? [])
  const rows = computed(() => all.value.filter((row) => (!domains.value.length || domains.value.includes(row.domain)) && (!onlyFree.value || row.materials_asked === 0)))
  const domainCounts = computed(() => {
    const counts = new Map<string, number>()
    for (const row of all.value) counts.set(row.domain, (counts.get(row.domain) ?? 0) + 1)
    return [...counts]
  })
  return { query, who, domains, onlyFree, found, rows, near, domainCounts }
}
