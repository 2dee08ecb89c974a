/**
 * Words that become part of a case and of its notices. Those are Chinese, in whatever language the
 * page is read, so there is nothing of them in another one.
 */
export const record = {
  /** What a decider writes who goes the reviewer's way. */
  agreed: '同意审查意见。',
  /** What the history calls the end of a review. */
  reviewed: '审查完成',
  reviewedAgain: '复核完成',
  notFound: '查不到',
  passed: (labels: string[]) => `系统核对通过 ${labels.length} 项：${labels.join('、')}。`,
  doubt: (label: string, detail: string) => `${label}（${detail}）：`,
  benefit: (months: number, fen: number) => `可领 ${months} 个月，每月 ${(fen / 100).toLocaleString('zh-CN', { minimumFractionDigits: fen % 100 ? 2 : 0 })} 元。`,
  /** Defects that clerks name most often, so that they are named alike. */
  defects: ['没有提供', '看不清', '缺页', '没有签名', '没有盖章', '已过有效期', '与登记信息不一致']
}
