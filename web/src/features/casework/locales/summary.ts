import { defineWords } from '@/shared/locales'

const zh = {
  open: (name: string, count: number) => `${name}，您有 ${count} 件事在办`,
  none: (name: string) => `${name}，现在没有在办的事`,
  noneWhat: '办了事以后，办到哪一步会显示在这里。',
  steps: '办理进度',
  needsMe: (count: number) => `${count} 件要您补充`,
  supply: '去补充',
  amend: '去修改',
  rate: (name: string) => `${name}办完了，说说办得怎么样`,
  drafts: (count: number) => `${count} 件存着没交`,
  unread: (count: number) => `${count} 条消息没看`,
  progress: '看进度',
  stranger: '我的事办到哪一步了',
  strangerWhat: '登录后，在办的事、要您补充的、最晚哪天有结果，都在这里。',
  signIn: '登录',
  byCode: '不登录，凭编号查进度'
}

export const summaryWords = defineWords(zh, { en: () => import('./summary.en') })
