import { onScopeDispose } from 'vue'

/** Paper has nothing to click: all folded parts are open while printing. */
export function usePrintOpen(): void {
  let opened: HTMLDetailsElement[] = []
  const open = () => {
    opened = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')]
    for (const part of opened) part.open = true
  }
  const close = () => { for (const part of opened) part.open = false }
  addEventListener('beforeprint', open)
  addEventListener('afterprint', close)
  onScopeDispose(() => {
    removeEventListener('beforeprint', open)
    removeEventListener('afterprint', close)
  })
}
