import { defineWords } from '@/shared/locales'

const zh = {
  title: '算一算',
  lead: '填几项就有结果，不用登录，填的内容不保存。',
  here: '当前位置',
  none: '现在没有计算器。有问题请拨打 12333。',
  fill: '请填写',
  submit: '算一算',
  busy: '正在算',
  again: '重新填',
  print: '打印结果',
  result: '结果',
  waiting: '填好以后点“算一算”，结果在这里。',
  reached: (day: string) => `您已经到了法定退休年龄，到龄的日子是 ${day}。`,
  reachedNow: '还没有办退休的，现在就可以申请。已经在领养老金的，不用再办。养老保险没有缴满的，或者不清楚自己办没办过的，请打 12333 问。',
  by: '按您填的',
  basis: '依据',
  apply: (name: string) => `看怎么办：${name}`,
  call: '算得对不对、怎么选，可以打 12333 问。'
}

/** Words of the calculators. */
export const t = defineWords(zh, { en: () => import('./calculator.en') })
