import type { LifeEvent } from '@/shared/api'
import { readCondition } from '@/shared/feel'

export type Answers = Record<string, string>

/** Whether something is still of concern: a condition that cannot be told yet leaves nothing out. */
export function concerns(when: string | null | undefined, answers: Answers): boolean {
  return !when || readCondition(when).test(answers) !== false
}

/** The questions that these answers lead to: one whose condition cannot be told yet waits. */
export function questionsFor(event: LifeEvent, answers: Answers): NonNullable<LifeEvent['questions']> {
  return (event.questions ?? []).filter((question) => !question.when || readCondition(question.when).test(answers) === true)
}

/** The parts that these answers leave. */
export function partsFor(event: LifeEvent, answers: Answers): LifeEvent['parts'] {
  return event.parts.filter((part) => concerns(part.when, answers))
}
