import { defineWords } from '@/shared/locales'

const zh = {
  title: '服务承诺兑现情况',
  oneVisit: '一次办成',
  days: '平均办结',
  daysUnit: '个工作日',
  sameDay: '当天',
  onTime: '按期办结',
  rating: '群众评价',
  asOf: (time: string) => `统计截至${time}，差评也算在内。`
}

export const t = defineWords(zh, { en: () => import('./public.en') })
