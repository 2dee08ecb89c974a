import { computed, ref, shallowRef } from 'vue'
import { api, useAction, useLoaded, whenLanguage, type List, type MessageRow } from '@/shared/api'
import { onChange } from '@/shared/live'
import { refreshUnread, setUnread, unread } from './useUnread'

/** The message box, page by page; follows the stream of changes. */
export function useMessages() {
  const later = shallowRef<MessageRow[]>([])
  const cursor = ref<string | null>(null)
  const seen = ref(new Set<string>())

  const first = useLoaded(async (signal) => {
    const answer = await api.get<List<MessageRow>>('/messages', undefined, { signal })
    later.value = []
    cursor.value = answer.next ?? null
    void refreshUnread()
    return answer.rows
  })
  const more = useAction(async () => {
    const answer = await api.get<List<MessageRow>>('/messages', { cursor: cursor.value })
    later.value = [...later.value, ...answer.rows]
    cursor.value = answer.next ?? null
  })
  const readAll = useAction(async (key) => {
    await api.post('/messages/read-all', {}, { key })
    setUnread(0)
    await first.reload()
  })

  /** Marks one message as seen; a failure only means that it stays marked as new. */
  async function read(row: MessageRow): Promise<void> {
    if (row.read_at || seen.value.has(row.message_id)) return
    seen.value = new Set([...seen.value, row.message_id])
    await api.post(`/messages/${row.message_id}/read`).then(refreshUnread, () => undefined)
  }

  onChange('messages', () => void first.reload())
  whenLanguage(() => void first.reload())
  const rows = computed(() => (first.data.value ? [...first.data.value, ...later.value] : undefined))
  const isNew = (row: MessageRow) => !row.read_at && !seen.value.has(row.message_id)
  return { rows, cursor, first, more, readAll, read, isNew, unread }
}
