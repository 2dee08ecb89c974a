import { defineWords } from '@/shared/locales'
import zh from './zh-CN'

/** Words of the outbox. */
export const t = defineWords(zh, { en: () => import('./en') })
