import { t } from './locales'

/** What the rules found; a bare name of a row means that a person has to look. */
export function riskWords(note: string): string {
  return /^R\d+$/.test(note) ? t.field.doubt : note
}

/** Why a task cannot be claimed, by the code of the refusal. */
export function whyNot(code: string | null | undefined): string {
  return code ? t.field.objections[code] ?? t.field.noClaim : t.field.unclaimed
}

/** Papers that carry a result: without electronic service they are handed out against a signature only. */
export const RESULT_PAPERS: readonly string[] = ['grant', 'deny', 'refuse_acceptance', 'not_required']
