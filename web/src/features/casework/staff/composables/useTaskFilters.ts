import { computed, reactive, ref, watch, type ComputedRef, type Ref } from 'vue'
import type { LocationQuery } from 'vue-router'
import type { TaskQuery } from '../staff.api'

export const VIEWS: { name: TaskView; tone?: 'hot' | 'warm' }[] = [
  { name: 'all' }, { name: 'mine' }, { name: 'unclaimed' }, { name: 'today', tone: 'warm' }, { name: 'overdue', tone: 'hot' }, { name: 'waiting' }
]
export type TaskView = 'all' | 'mine' | 'unclaimed' | 'today' | 'overdue' | 'waiting'

export interface TaskFilters {
  view: Ref<TaskView>
  fields: { item: string; stage: string; channel: string; from: string; to: string; query: string }
  order: Ref<'due' | 'newest'>
  query: ComputedRef<TaskQuery>
  /** Whether anything besides the saved view narrows the list. */
  isNarrowed: ComputedRef<boolean>
  /** What belongs into the address: all but the text, which may be a name or a number. */
  address: ComputedRef<Record<string, string>>
  clear: () => void
}

/** The saved view and the filters of the inbox, read from the address of the page once. */
export function useTaskFilters(from: LocationQuery, onChange: () => void): TaskFilters {
  const text = (key: string) => (typeof from[key] === 'string' ? from[key] : '')
  const view = ref<TaskView>(viewNamed(text('view')))
  const order = ref<'due' | 'newest'>(text('order') === 'newest' ? 'newest' : 'due')
  const fields = reactive({ item: text('item'), stage: text('stage'), channel: text('channel'), from: text('from'), to: text('to'), query: '' })
  const query = computed<TaskQuery>(() => ({ view: view.value, order: order.value, ...fields, query: fields.query.trim() }))
  watch(query, onChange)
  return {
    view, order, fields, query,
    isNarrowed: computed(() => Object.values(fields).some((value) => value.trim() !== '')),
    address: computed(() => {
      const { query: _text, ...rest } = query.value
      return Object.fromEntries(Object.entries(rest).filter(([key, value]) => value && !(key === 'view' && value === 'all') && !(key === 'order' && value === 'due')))
    }),
    clear: () => void Object.assign(fields, { item: '', stage: '', channel: '', from: '', to: '', query: '' })
  }
}

/** A saved view by name; an unknown name is the whole list. */
export function viewNamed(name: unknown): TaskView {
  return VIEWS.find((view) => view.name === name)?.name ?? 'all'
}
