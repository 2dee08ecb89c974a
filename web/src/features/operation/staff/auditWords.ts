import type { AuditRow } from '@/shared/api'
import { t } from './locales'

/** What was done, in words; what has none stays as it is written in the log. */
export function actionWords(action: string): string {
  return t.names.actions[action] ?? action
}

/** What came of it: anything that has no word is the code of a refusal. */
export function outcomeWords(outcome: string): string {
  return t.names.outcomes[outcome] ?? t.names.refused(outcome)
}

/** Who acted, as a reference: the log holds no names. */
export function actorWords(actor: AuditRow['actor']): string {
  const kind = t.names.actors[actor.kind] ?? actor.kind
  return actor.id ? `${kind} ${shortId(actor.id)}` : kind
}

/** The printed kind and the last letters of an id: enough to tell two apart in a row. */
export function shortId(id: string): string {
  return id.length > 18 ? `${id.slice(0, id.indexOf('_') + 1)}…${id.slice(-8)}` : id
}
