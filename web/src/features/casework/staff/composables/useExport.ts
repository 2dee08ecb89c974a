import { onScopeDispose, ref, shallowRef } from 'vue'
import { asProblem, type ApiProblem } from '@/shared/api'
import { announce } from '@/shared/ui'
import type { CaseFilter } from '../caseViews'
import { t } from '../locales'
import { exportCases } from '../staff.api'

/** A list on its way out of the house: how much of it has come, and a way to stop it. */
export function useExport() {
  const bytes = ref<number>()
  const problem = shallowRef<ApiProblem>()
  let stop = new AbortController()
  onScopeDispose(() => stop.abort())

  async function run(filter: CaseFilter, title: string): Promise<void> {
    if (bytes.value !== undefined) return
    const mine = (stop = new AbortController())
    bytes.value = 0
    problem.value = undefined
    try {
      const { file, name } = await exportCases(filter, (read) => { bytes.value = read }, mine.signal)
      // The ending is that of the server: it knows what it made.
      save(file, `${title}${/\.\w+$/.exec(name)?.[0] ?? ''}`)
      announce(t.cases.exported)
    } catch (cause) {
      if (!mine.signal.aborted) problem.value = asProblem(cause)
    } finally {
      bytes.value = undefined
    }
  }

  return { bytes, problem, run, cancel: () => stop.abort() }
}

function save(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
