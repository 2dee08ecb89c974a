import { defineWords } from '@/shared/locales'
import zh from './zh-CN'

/** Words of sign-in, of one's own account and of who works where. */
export const t = defineWords(zh, { en: () => import('./en') })
