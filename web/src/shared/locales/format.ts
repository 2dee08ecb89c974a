import { defineWords } from '.'
import type { Period } from '@/shared/api'

const zh = {
  day: (year: number | undefined, month: number, day: number) => `${year ? `${year} 年 ` : ''}${month} 月 ${day} 日`,
  month: (year: number, month: number) => `${year} 年 ${month} 月`,
  formalDay: (year: number, month: number, day: number) => `${year}年${month}月${day}日`,
  provisional: '（暂定）',
  at: (day: string, clock: string) => `${day} ${clock}`,
  today: '今天',
  yesterday: '昨天',
  now: '刚刚',
  minutes: (count: number) => `${count} 分钟前`,
  hours: (count: number) => `${count} 小时前`,
  expected: (day: string) => `最晚 ${day}有结果`,
  periods: {
    wd: (count: number) => `${count} 个工作日`,
    cd: (count: number) => `${count} 天`,
    mon: (count: number) => `${count} 个月`
  } satisfies Record<Period['unit'], (count: number) => string>,
  yuan: (amount: string) => `${amount} 元`
}

/** Words of dates, periods and amounts. */
export const words = defineWords(zh, { en: () => import('./format.en') })
