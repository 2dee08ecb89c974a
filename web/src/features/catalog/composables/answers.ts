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

/** Somebody has begun to answer, and there is a question left: what hangs on it cannot be told yet. */
export function waitsForAnswer(event: LifeEvent, answers: Answers): boolean {
  return Object.keys(answers).length > 0 && questionsFor(event, answers).some((question) => !(question.id in answers))
}

/** The parts that these answers leave; all of them for whoever answers nothing. */
export function partsFor(event: LifeEvent, answers: Answers): LifeEvent['parts'] {
  const waits = waitsForAnswer(event, answers)
  return event.parts.filter(({ when }) => (waits && when ? readCondition(when).test(answers) === true : concerns(when, answers)))
}
