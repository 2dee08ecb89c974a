import { computed, ref, shallowRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { api, apiUrl, asProblem, newKey, useAction, useLoaded, type ApiProblem, type ItemGuide, type List, type RosterActed, type RosterView } from '@/shared/api'
import { citizen } from '@/shared/auth'
import { announce } from '@/shared/ui/announce'
import { r } from '../locales/roster'
import { rolesToOffer } from './useStart'

export const BYTES_MAX = 8 * 1024 * 1024

/** The rosters of an enterprise, and uploading a new one for the item in the address. */
export function useRosters() {
  const route = useRoute()
  const router = useRouter()
  const item = computed(() => String(route.query.item ?? ''))
  const isEnterprise = computed(() => citizen.value?.acting.kind === 'enterprise')
  const roles = computed(() => (citizen.value && !isEnterprise.value ? rolesToOffer(citizen.value) : []))

  const guide = useLoaded(async (signal) => (item.value ? api.get<ItemGuide>(`/items/${item.value}`, undefined, { signal }) : undefined))
  const later = shallowRef<RosterView[]>([])
  const cursor = ref<string | null>(null)
  const first = useLoaded(async (signal) => {
    if (!isEnterprise.value) return undefined
    const answer = await api.get<List<RosterView>>('/rosters', {}, { signal })
    if (!signal.aborted) {
      later.value = []
      cursor.value = answer.next ?? null
    }
    return answer.rows
  })
  const more = useAction(async () => {
    const answer = await api.get<List<RosterView>>('/rosters', { cursor: cursor.value })
    later.value = [...later.value, ...answer.rows]
    cursor.value = answer.next ?? null
  })
  const rows = computed(() => first.data.value && [...first.data.value, ...later.value])
  const template = computed(() => apiUrl('/rosters/template', { item: item.value, surface: 'portal' }))

  const sending = ref<{ name: string; percent: number }>()
  const refused = ref('')
  const problem = shallowRef<ApiProblem>()
  /** The key of an upload whose answer never came: the same file chosen again counts once. */
  let unanswered: { file: string; key: string } | undefined

  async function send(file: File | undefined): Promise<void> {
    refused.value = ''
    problem.value = undefined
    if (!file || sending.value) return
    if (file.size > BYTES_MAX) {
      refused.value = r.tooBig
      return
    }
    const name = [file.name, file.size, file.lastModified].join('/')
    const key = unanswered?.file === name ? unanswered.key : newKey()
    unanswered = undefined
    sending.value = { name: file.name, percent: 0 }
    try {
      const onProgress = (share: number) => { if (sending.value) sending.value.percent = Math.round(share * 100) }
      const path = `/rosters?item=${encodeURIComponent(item.value)}`
      const made = await api.upload<RosterActed>(path, file, { key, onProgress })
      announce(r.uploaded)
      await router.push(`/rosters/${made.roster_id}`)
    } catch (cause) {
      problem.value = asProblem(cause)
      if (problem.value.isUnanswered) unanswered = { file: name, key }
    } finally {
      sending.value = undefined
    }
  }

  return { item, guide, isEnterprise, roles, rows, cursor, first, more, template, sending, refused, problem, send }
}
