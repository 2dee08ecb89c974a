import { onBeforeUnmount, onMounted, onActivated, onDeactivated } from 'vue'

export type Shortcuts = Record<string, (event: KeyboardEvent) => void>

/**
 * Keys of a page while it is shown. Single keys rest while somebody types or a dialog is open;
 * combinations with Ctrl or Alt rest only behind a dialog.
 */
export function useShortcuts(keys: Shortcuts): void {
  const listen = (event: KeyboardEvent) => {
    const act = keys[keyOf(event)]
    if (!act || event.defaultPrevented || event.isComposing || isBlocked(event)) return
    event.preventDefault()
    act(event)
  }
  const start = () => document.addEventListener('keydown', listen)
  const stop = () => document.removeEventListener('keydown', listen)
  onMounted(start)
  onActivated(start)
  onDeactivated(stop)
  onBeforeUnmount(stop)
}

/** The name of a pressed key: `j`, `?`, `ctrl+k`, `alt+a`. */
export function keyOf(event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey'>): string {
  const letter = event.altKey && event.code.startsWith('Key') ? event.code.slice(3) : event.key
  const base = letter.length === 1 ? letter.toLowerCase() : letter
  return `${event.ctrlKey || event.metaKey ? 'ctrl+' : ''}${event.altKey ? 'alt+' : ''}${base}`
}

function isBlocked(event: KeyboardEvent): boolean {
  if (document.querySelector('dialog[open]')) return true
  if (event.ctrlKey || event.metaKey || event.altKey) return false
  const target = event.target as HTMLElement | null
  return target?.closest('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], [role=combobox]') != null
}
