import { shallowRef } from 'vue'

/** The cases of the list from which a case was opened, so that J and K go on to its neighbours. */
const cases = shallowRef<readonly string[]>([])

export function rememberQueue(ids: readonly string[]): void {
  cases.value = ids
}

/** The case before (`-1`) or after (`1`) this one in the list it came from. */
export function neighbourOf(id: string, step: 1 | -1): string | undefined {
  const at = cases.value.indexOf(id)
  return at < 0 ? undefined : cases.value[at + step]
}
