import { computed } from 'vue'
import en from 'element-plus/es/locale/lang/en'
import zh from 'element-plus/es/locale/lang/zh-cn'
import { lang } from '@/shared/locales'

/** The words of Element Plus in the language of the page. */
export const elementWords = computed(() => (lang.value === 'en' ? en : zh))
