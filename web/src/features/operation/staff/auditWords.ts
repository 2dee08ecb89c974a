import type { AuditRow } from '@/shared/api'

const KINDS: Record<AuditRow['actor']['kind'], string> = { stranger: '没有登录', person: '个人', agent: '单位经办人', staff: '工作人员', system: '系统' }

const ACTIONS: Record<string, string> = {
  'access.refused': '越权访问被拒', 'account.change_password': '改密码', 'account.reset_at_window': '窗口给一次性密码', 'account.reset_password': '重设密码',
  'calendar.load': '载入放假安排', 'catalog.publish_item': '发布事项', 'catalog.close_item': '停办事项',
  'case.open': '打开申请', 'case.save': '保存申请', 'case.attach': '上传材料', 'case.remove_file': '删除材料', 'case.discard': '删除草稿', 'case.submit': '提交申请', 'case.insist': '坚持提交',
  'case.pre_pass': '预审通过', 'case.pre_return': '预审退回', 'case.receive': '窗口收件', 'case.accept': '受理', 'case.accept_by_silence': '逾期视为受理', 'case.correct': '一次性补正', 'case.supply': '提交补正',
  'case.refuse_acceptance': '拟不予受理', 'case.countersign_refusal': '签署不予受理', 'case.review': '审查', 'case.site_check': '现场核查', 'case.decide': '决定', 'case.make': '制证', 'case.hand_out': '出件送达',
  'case.serve': '电子送达', 'case.lapse': '逾期视为撤回', 'case.recount': '重算期限', 'case.retry': '重试流程', 'case.withdraw': '撤回申请', 'case.withdraw_consent': '撤回电子送达同意', 'case.read_form': '查看申请内容',
  'employer.change_agent': '变更经办人', 'employer.enrol': '登记单位', 'guess.failed': '猜查询码失败', 'job.follow': '派生任务', 'job.retry': '重发失败任务',
  'message.arrive': '消息送达', 'message.read': '看消息', 'message.send': '发短信、邮件', 'person.electronic_service': '设置电子送达', 'person.email': '设置邮箱', 'person.save': '登记个人', 'person.unmask': '查看完整信息',
  'rating.count': '评价计数', 'rating.give': '评价', 'rating.invite': '邀请评价', 'session.start': '登录', 'session.end': '退出', 'session.sign_in_failed': '登录失败', 'session.change_role': '切换身份',
  'staff.create': '新增人员', 'staff.change': '修改人员', 'staff.assign_posts': '分配岗位', 'staff.add_absence': '登记请假', 'staff.remove_absence': '取消请假', 'staff.hand_over': '工作交接', 'staff.load_posts': '载入岗位',
  'task.claim': '领取任务', 'task.release': '释放任务', 'task.reassign': '转交任务', 'task.take_over': '接手任务'
}

/** What was done, in words; what has none stays as it is written in the log. */
export function actionWords(action: string): string {
  return ACTIONS[action] ?? action
}

/** Who acted, as a reference: the log holds no names. */
export function actorWords(actor: AuditRow['actor']): string {
  const kind = KINDS[actor.kind] ?? actor.kind
  return actor.id ? `${kind} ${shortId(actor.id)}` : kind
}

/** The printed kind and the last letters of an id: enough to tell two apart in a row. */
export function shortId(id: string): string {
  return id.length > 18 ? `${id.slice(0, id.indexOf('_') + 1)}…${id.slice(-8)}` : id
}
