import { defineWords } from '.'
import type { ProblemKind } from '@/shared/api'

const zh = {
  loading: '正在取数据',
  retry: '再试一次',
  back: '返回',
  cancel: '不了',
  close: '关闭',
  optional: '可以不填',
  choose: '请选择',
  year: '年',
  month: '月',
  day: '日',
  errorsLeft: (count: number) => `还有 ${count} 处需要补充`,
  openCase: '看那件事',
  retryAt: (time: string) => `${time} 以后可以再试。`,
  requestId: (id: string) => `问题编号 ${id}，打 12333 时告诉工作人员就行`,
  showPassword: '显示密码',
  hidePassword: '隐藏密码',
  stepDone: '（已完成）',
  stepNow: '（正在办）',
  list: '、',
  comma: '，',
  semicolon: '；',
  colon: '：',
  bracket: (text: string | number) => `（${text}）`,
  problems: {
    offline: { title: '网络断了', what: '您填的内容还在。连上网以后再试一次。' },
    timeout: { title: '网络有点慢，还没等到结果', what: '请再试一次。重复点不会重复办理。' },
    signed_out: { title: '登录已过期', what: '重新登录就能接着办，填过的内容不会丢。' },
    forbidden: { title: '这里您不能看', what: '如果您是替单位办事，请先在页面上方切换身份。' },
    missing: { title: '没有找到', what: '可能已经删除，或者地址不对。可以从“我的办件”里找。' },
    conflict: { title: '内容刚刚有变化', what: '您可能在另一个页面改过。请重新打开后再办。' },
    refused: { title: '这次没有办成', what: '请按提示修改后再试，或者拨打 12333。' },
    busy: { title: '现在办的人有点多', what: '请过一分钟再试。您填的内容还在。' },
    broken: { title: '我们这边出了问题', what: '不是您的操作有误。请过一会儿再试，急事请拨打 12333。' }
  } satisfies Record<ProblemKind, { title: string; what: string }>
}

export const common = defineWords(zh, { en: () => import('./common.en') })
