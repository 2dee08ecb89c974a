import { defineWords } from '@/shared/locales'

const zh = {
  acting: '正在办',
  myself: '我自己的事',
  enterprise: (name: string) => `${name}的事`,
  choose: '换一个身份',
  title: '您在替谁办事',
  hint: '申请、消息和办件按身份分开，互相看不到。',
  use: '就用这个身份',
  busy: '正在切换',
  onlyMyself: '您现在只能办自己的事。要替单位办事，请单位现有的经办人在“单位经办人”里添加您，或者带授权书到窗口办理。'
}

/** Words of the role switch, which stands on every page. */
export const roleWords = defineWords(zh, { en: () => import('./role.en') })
