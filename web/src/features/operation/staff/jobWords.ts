import { t } from './locales'

/** The words for a kind of job; an unknown kind is told by its name. */
export function jobName(kind: string): string {
  return t.names.jobs[kind] ?? kind
}
