/** What the program does by itself, in words. */
const JOBS: Record<string, string> = {
  'casework.acceptance_due': '受理期限到了：核对是否视为受理',
  'casework.correction_due': '补正期限到了：核对是否补齐',
  'casework.hand_over': '把离岗人员的任务转给接手的人',
  'casework.notice_arrived': '记录文书已送达',
  'casework.old_draft': '核对草稿是否放得太久',
  'casework.recount_page': '放假安排有变：逐批重算期限',
  'casework.recount_clocks': '放假安排有变：重算期限',
  'casework.withdraw_consent': '不再同意电子送达：改为领取',
  'insight.tally': '计入运行数据',
  'messages.notify': '写进消息箱',
  'messages.send': '发短信、邮件',
  'voice.count': '计入评价统计',
  'voice.invite': '请申请人评价'
}

/** The words for a kind of job; an unknown kind is told by its name. */
export function jobName(kind: string): string {
  return JOBS[kind] ?? kind
}
