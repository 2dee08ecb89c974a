import { getCurrentScope, onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { newKey, onLanguage, onSignedIn } from './client'
import { asProblem, type ApiProblem } from './problem'

export interface Loaded<T> {
  data: ShallowRef<T | undefined>
  problem: ShallowRef<ApiProblem | undefined>
  loading: Ref<boolean>
  /** Loads again; what is shown stays until the answer is there. */
  reload: () => Promise<void>
}

/** Loads something at once and keeps the state of loading; an older answer never replaces a newer one. */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const data = shallowRef<T>()
  const problem = shallowRef<ApiProblem>()
  const loading = ref(true)
  let stop = new AbortController()

  async function reload(): Promise<void> {
    stop.abort()
    const mine = (stop = new AbortController())
    loading.value = true
    try {
      const answer = await load(mine.signal)
      if (mine.signal.aborted) return
      data.value = answer
      problem.value = undefined
    } catch (cause) {
      if (mine.signal.aborted) return
      problem.value = asProblem(cause)
    }
    loading.value = false
  }

  onScopeDispose(() => stop.abort())
  whenSignedIn(() => { if (problem.value?.kind === 'signed_out') void reload() })
  whenLanguage(() => { if (problem.value) void reload() })
  void reload()
  return { data, problem, loading, reload }
}

export interface Action<Args extends unknown[], T> {
  run: (...args: Args) => Promise<T | undefined>
  busy: Ref<boolean>
  problem: ShallowRef<ApiProblem | undefined>
}

/**
 * One action of the user. Pressing twice sends it once, and after a failure on the way (offline,
 * timeout) the same idempotency key is used again, so that it counts once.
 */
export function useAction<Args extends unknown[], T>(act: (key: string, ...args: Args) => Promise<T>): Action<Args, T> {
  const busy = ref(false)
  const problem = shallowRef<ApiProblem>()
  let key = newKey()

  async function run(...args: Args): Promise<T | undefined> {
    if (busy.value) return undefined
    busy.value = true
    problem.value = undefined
    try {
      const answer = await act(key, ...args)
      key = newKey()
      return answer
    } catch (cause) {
      problem.value = asProblem(cause)
      if (!problem.value.isUnanswered) key = newKey()
      return undefined
    } finally {
      busy.value = false
    }
  }

  whenSignedIn(() => { if (problem.value?.kind === 'signed_out') problem.value = undefined })
  return { run, busy, problem }
}

/** What the end of a session refused is asked again, or forgotten, when somebody has signed in. */
export const whenSignedIn = (listener: () => void) => whileHere(onSignedIn(listener))

/** What the server says in one language is asked again when the page has another one. */
export const whenLanguage = (listener: () => void) => whileHere(onLanguage(listener))

function whileHere(stop: () => void): void {
  if (getCurrentScope()) onScopeDispose(stop)
}
