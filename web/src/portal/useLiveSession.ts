import { watch } from 'vue'
import { refreshUnread } from '@/features/messages/composables/useUnread'
import { viewer } from '@/shared/auth'
import { closeStream, onChange, openStream } from '@/shared/live'

/** Keeps the stream open while somebody is signed in and the unread count in step with it. */
export function useLiveSession(): void {
  watch(viewer, (who) => {
    closeStream()
    if (!who) return
    openStream('portal')
    void refreshUnread()
  }, { immediate: true })
  onChange('messages', () => void refreshUnread())
}
