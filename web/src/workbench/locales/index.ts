import { defineWords } from '@/shared/locales'
import zh from './zh-CN'

/** Words of the shell of the workbench. */
export const t = defineWords(zh, { en: () => import('./en') })
