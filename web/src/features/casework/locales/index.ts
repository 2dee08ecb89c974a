import { defineWords } from '@/shared/locales'
import zh from './zh-CN'

export const t = defineWords(zh, { en: () => import('./en') })
