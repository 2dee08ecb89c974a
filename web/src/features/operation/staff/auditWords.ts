import type { AuditRow } from '@/shared/api'

const KINDS: Record<AuditRow['actor']['kind'], string> = { stranger: '没有登录', person: '个人', agent: '单位经办人', staff: '工作人员', system: '系统' }

/** Who acted, as a reference: the log holds no names. */
export function actorWords(actor: AuditRow['actor']): string {
  const kind = KINDS[actor.kind] ?? actor.kind
  return actor.id ? `${kind} ${shortId(actor.id)}` : kind
}

/** The printed kind and the last letters of an id: enough to tell two apart in a row. */
export function shortId(id: string): string {
  return id.length > 18 ? `${id.slice(0, id.indexOf('_') + 1)}…${id.slice(-8)}` : id
}
