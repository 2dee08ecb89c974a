import { ref } from 'vue'

/** The sentence that screen readers say and that shows for a moment at the foot of the page. */
export const announcement = ref('')
let timer: ReturnType<typeof setTimeout> | undefined

/** Says something that needs no answer: saved, copied, removed. */
export function announce(text: string, ms = 5000): void {
  clearTimeout(timer)
  announcement.value = text
  timer = setTimeout(() => { announcement.value = '' }, ms)
}
