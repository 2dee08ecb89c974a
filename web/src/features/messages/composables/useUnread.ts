import { computed, ref } from 'vue'
import { api } from '@/shared/api'
import { citizen } from '@/shared/auth'

const count = ref(0)

/** Messages not read yet in the role that is acted in. */
export const unread = computed(() => (citizen.value ? count.value : 0))

/** Asks again; a failure leaves what was known. */
export async function refreshUnread(): Promise<void> {
  if (!citizen.value) return
  try {
    count.value = (await api.get<{ count: number }>('/messages/unread')).count
  } catch {
    // The number is a help only; the box itself tells what is wrong.
  }
}

/** The box told its own number. */
export function setUnread(value: number): void {
  count.value = value
}
