/** Words of the field that several staff pages share. */
export const CHANNELS: Record<string, string> = { online: '网上', window: '窗口' }

export const STAGES: [string, string][] = [
  ['intake', '受理'], ['review', '审查'], ['second_review', '复核'], ['site_check', '现场核查'], ['decide', '决定'], ['make', '制证'], ['hand_out', '出件']
]

export const RISKS: Record<string, string> = { L: '低风险事项', M: '中风险事项', H: '高风险事项' }

export const PROPOSALS: Record<string, string> = { grant: '准予', deny: '不予', return: '退回审查' }

export const OUTCOMES: Record<string, string> = {
  granted: '准予', denied: '不予', not_accepted: '不予受理', not_required: '不需办理', withdrawn: '撤回', lapsed: '视为撤回'
}

export const SOURCES: Record<string, string> = { applicant: '申请人自备', shared: '共享免交', government: '政府核发' }

const OBJECTIONS: Record<string, string> = { E1102: '不在您的岗位', E1202: '您受理过，须由他人审查', E1203: '您审查过，须由他人决定', E1204: '您是当事人，须回避', E1210: '同事正在办', E1216: '须由另一位核查' }

/** What the rules found; a bare name of a row means that a person has to look. */
export function riskWords(note: string): string {
  return /^R\d+$/.test(note) ? '需要核实' : note
}

/** Why a task cannot be claimed, by the code of the refusal. */
export function whyNot(code: string | null | undefined): string {
  return code ? OBJECTIONS[code] ?? '不能领取' : '未领取'
}

/** Defects that clerks name most often, so that they are named alike. */
export const DEFECTS = ['没有提供', '看不清', '缺页', '没有签名', '没有盖章', '已过有效期', '与登记信息不一致']

/** How who collects a result belongs to the applicant, by kind of applicant. */
export const RELATIONS: Record<string, Record<string, string>> = {
  person: { applicant: '本人', agent: '代理人', family: '同住成年家属' },
  enterprise: { enterprise_agent: '单位经办人', legal_representative: '法定代表人', mail_room: '单位收发人员', agent: '代理人' },
}

/** Papers that carry a result: without electronic service they are handed out against a signature only. */
export const RESULT_PAPERS: readonly string[] = ['grant', 'deny', 'refuse_acceptance', 'not_required']

export const SERVED: Record<string, string> = { counter: '窗口领取', mail: '邮寄' }
