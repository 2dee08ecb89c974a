import { computed, onScopeDispose, shallowRef } from 'vue'
import { onBeforeRouteLeave, onBeforeRouteUpdate } from 'vue-router'
import { sessionLost } from '@/shared/auth'

/**
 * Asks before a page goes with something on it that is kept nowhere else. While a session has ended
 * the page does not go at all: it waits for whoever signs in again.
 */
export function useLeaveQuestion(isUnsaved: () => boolean, settle: () => Promise<unknown> = async () => undefined) {
  const answer = shallowRef<(yes: boolean) => void>()

  /** Whether the page may go: what can be kept is kept first, what is left is asked about. */
  async function ask(): Promise<boolean> {
    if (sessionLost.value) return false
    await settle()
    if (!isUnsaved()) return true
    reply(false)
    return new Promise((resolve) => { answer.value = resolve })
  }

  function reply(yes: boolean): void {
    answer.value?.(yes)
    answer.value = undefined
  }

  const unload = (event: BeforeUnloadEvent) => { if (isUnsaved()) event.preventDefault() }
  addEventListener('beforeunload', unload)
  onScopeDispose(() => removeEventListener('beforeunload', unload))
  onBeforeRouteLeave(ask)
  onBeforeRouteUpdate((to, from) => to.path === from.path || ask())
  return { asking: computed(() => answer.value !== undefined), ask, reply }
}
