import { onBeforeUnmount, onMounted } from 'vue'
import { closeStream, openStream } from '@/shared/live'

/** Keeps the stream of changes open while somebody is signed in. */
export function useLiveStream(): void {
  onMounted(() => openStream('workbench'))
  onBeforeUnmount(closeStream)
}
