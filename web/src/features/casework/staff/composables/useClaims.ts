import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asProblem, type ApiProblem, type TaskRow } from '@/shared/api'
import { staff } from '@/shared/auth'
import { claimTask, releaseTask } from '../staff.api'

/** What became of tasks that were claimed together. */
export interface ClaimResult { claimed: number; refused: { case_no: string; why: string }[] }

export interface Claims {
  busy: Ref<boolean>
  problem: ShallowRef<ApiProblem | undefined>
  claim: (task: TaskRow) => Promise<boolean>
  release: (task: TaskRow) => Promise<boolean>
  claimAll: (tasks: TaskRow[]) => Promise<ClaimResult>
}

/** Claims and releases tasks and puts each answered row in place of the old one. */
export function useClaims(replace: (row: TaskRow) => void): Claims {
  const busy = ref(false)
  const problem = shallowRef<ApiProblem>()

  async function once(work: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = undefined
    try {
      await work()
      return true
    } catch (cause) {
      problem.value = asProblem(cause)
      return false
    } finally {
      busy.value = false
    }
  }

  async function claimOne(task: TaskRow): Promise<void> {
    const { version } = await claimTask(task.task_id)
    const me = staff.value
    replace({ ...task, version, may_claim: false, holder: me ? { staff_id: me.staff_id, name: me.name } : task.holder })
  }

  async function claimAll(tasks: TaskRow[]): Promise<ClaimResult> {
    const result: ClaimResult = { claimed: 0, refused: [] }
    await once(async () => {
      for (const task of tasks) {
        try {
          await claimOne(task)
          result.claimed += 1
        } catch (cause) {
          const refusal = asProblem(cause)
          if (refusal.isUnanswered) throw refusal
          result.refused.push({ case_no: task.case_no, why: refusal.detail || refusal.title })
        }
      }
    })
    return result
  }

  return {
    busy, problem, claimAll,
    claim: (task) => once(() => claimOne(task)),
    release: (task) => once(async () => {
      const { version } = await releaseTask(task.task_id)
      replace({ ...task, version, holder: null, may_claim: true, why_not: null })
    })
  }
}
