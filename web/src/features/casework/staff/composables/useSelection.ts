import { computed, ref, type ComputedRef, type Ref } from 'vue'

export interface Selection {
  ids: Ref<ReadonlySet<string>>
  count: ComputedRef<number>
  has: (id: string) => boolean
  toggle: (id: string) => void
  clear: () => void
}

/** The rows that are ticked for an act on several. */
export function useSelection(): Selection {
  const ids = ref<ReadonlySet<string>>(new Set())
  return {
    ids,
    count: computed(() => ids.value.size),
    has: (id) => ids.value.has(id),
    toggle: (id) => {
      const next = new Set(ids.value)
      if (!next.delete(id)) next.add(id)
      ids.value = next
    },
    clear: () => { ids.value = new Set() }
  }
}
