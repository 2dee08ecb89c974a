import { ref, watch } from 'vue'

const STORE = 'yici.elder'

function remembered(): boolean {
  try {
    return localStorage.getItem(STORE) === '1'
  } catch {
    return false
  }
}

/** Elder mode: larger letters, stronger contrast, a home of its own. Remembered on this device. */
export const elder = ref(remembered())

watch(elder, (on) => {
  document.documentElement.toggleAttribute('data-elder', on)
  try {
    localStorage.setItem(STORE, on ? '1' : '0')
  } catch {
    // A browser that keeps nothing still shows the mode on this page.
  }
}, { immediate: true })
