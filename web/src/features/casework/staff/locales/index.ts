import { defineWords } from '@/shared/locales'
import zh from './zh-CN'

/** Words of lists and cases. */
export const t = defineWords(zh, { en: () => import('./en') })
