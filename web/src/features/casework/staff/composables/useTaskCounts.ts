import { hasInjectionContext, inject, provide, type InjectionKey } from 'vue'
import { useLoaded, type Loaded, type TaskCounts } from '@/shared/api'
import { may } from '@/shared/auth'
import { CASES } from '@/shared/auth/cases'
import { onChange } from '@/shared/live'
import { countTasks } from '../staff.api'

const KEY: InjectionKey<Loaded<TaskCounts | undefined>> = Symbol('task counts')

/** Loads the counts of the saved views once for the whole workbench and keeps them current. */
export function provideTaskCounts(): Loaded<TaskCounts | undefined> {
  const counts = useLoaded<TaskCounts | undefined>(async (signal) => (CASES.some(may) ? countTasks(signal) : undefined))
  onChange('tasks', () => void counts.reload(), 1000)
  provide(KEY, counts)
  return counts
}

/** The counts that the shell keeps. */
export function useTaskCounts(): Loaded<TaskCounts | undefined> | undefined {
  return hasInjectionContext() ? inject(KEY, undefined) : undefined
}
