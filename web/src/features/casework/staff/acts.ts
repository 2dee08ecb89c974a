/** What a staff member may do with a case, in the order of the action bar. */
export type ActName =
  | 'pre_pass' | 'accept' | 'review' | 'decide' | 'site_check' | 'confirm_site_check' | 'make' | 'hand_out'
  | 'pre_return' | 'correct' | 'refuse_acceptance' | 'countersign_refusal' | 'retry'

export interface Act {
  name: ActName
  label: string
  /** A word beside its key. */
  short: string
  /** Last part of `/cases/{id}/…`. */
  path: string
  tone: 'p' | 's' | 'd'
  /** `now`: one press; `dialog`: asks first; `panel`: a form on the first tab. */
  how: 'now' | 'dialog' | 'panel'
  key?: string
  done: string
}

const ACTS: Act[] = [
  { name: 'accept', label: '受理', short: '受理', path: 'accept', tone: 'p', how: 'now', key: 'alt+a', done: '已受理，受理通知书已发出' },
  { name: 'pre_pass', label: '预审通过，收件', short: '通过', path: 'pre-pass', tone: 's', how: 'now', key: 'alt+p', done: '预审通过，已收件' },
  { name: 'review', label: '提交审查意见', short: '提交', path: 'review', tone: 'p', how: 'panel', key: 'alt+a', done: '审查意见已提交' },
  { name: 'decide', label: '作出决定', short: '决定', path: 'decide', tone: 'p', how: 'panel', key: 'alt+a', done: '决定已作出' },
  { name: 'site_check', label: '记录现场核查', short: '记录', path: 'site-check', tone: 'p', how: 'dialog', key: 'alt+a', done: '核查记录已保存，请另一位核查人员确认' },
  { name: 'confirm_site_check', label: '确认核查记录', short: '确认', path: 'site-check/confirm', tone: 'p', how: 'panel', key: 'alt+a', done: '核查记录已确认' },
  { name: 'make', label: '证照已制好', short: '制好', path: 'make', tone: 'p', how: 'now', key: 'alt+a', done: '制证完成，已转出件' },
  { name: 'hand_out', label: '交给领取人', short: '交付', path: 'hand-out', tone: 'p', how: 'dialog', key: 'alt+a', done: '已送达，送达回证已生成' },
  { name: 'pre_return', label: '预审退回', short: '退回', path: 'pre-return', tone: 's', how: 'dialog', key: 'alt+t', done: '已退回，申请人可以修改后再提交' },
  { name: 'correct', label: '一次性补正', short: '补正', path: 'correct', tone: 's', how: 'dialog', key: 'alt+b', done: '补正告知书已发出' },
  { name: 'refuse_acceptance', label: '不予受理', short: '不受理', path: 'refuse-acceptance', tone: 'd', how: 'dialog', key: 'alt+r', done: '已转督导人员签署' },
  { name: 'countersign_refusal', label: '签署或退回', short: '提交', path: 'countersign-refusal', tone: 'p', how: 'panel', key: 'alt+a', done: '已处理' },
  { name: 'retry', label: '重新尝试往下办', short: '重试', path: 'retry', tone: 'p', how: 'now', key: 'alt+a', done: '已经重新尝试' }
]

/** The acts behind the names that the server allows; names that mean nothing here are left out. */
export function actsOf(next: readonly string[]): Act[] {
  const allowed = new Set(next.map(normalName))
  return ACTS.filter((act) => allowed.has(act.name))
}

/** One act by its name. */
export function actNamed(name: string): Act | undefined {
  return ACTS.find((act) => act.name === normalName(name))
}

function normalName(name: string): string {
  const plain = name.replaceAll('-', '_').replaceAll('/', '_')
  return plain === 'site_check_confirm' ? 'confirm_site_check' : plain
}

/** `Alt A` of `alt+a`. */
export function keyLabel(key: string): string {
  return key.split('+').map((part) => part.slice(0, 1).toUpperCase() + part.slice(1)).join(' ')
}
