import { defineWords } from '@/shared/locales'
import zh from './zh-CN'

/** Words of jobs and of the audit log. */
export const t = defineWords(zh, { en: () => import('./en') })
