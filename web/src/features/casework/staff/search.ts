import { readonly, ref } from 'vue'
import { checkCitizenNo } from '@/shared/format/citizenNo'
import { isCreditCode } from './party'

const wanted = ref('')
const asked = ref(0)

/**
 * What the search box looks for. It may be a citizen number, so it is kept in the page and never
 * in its address, which browsers remember.
 */
export const searchText = readonly(wanted)
/** Counts the searches, so that asking again for the same text searches again. */
export const searchAsked = readonly(asked)

/** Looks for cases by case number, name or number. */
export function findCase(text: string): void {
  wanted.value = text
  asked.value += 1
}

const TAIL = 4

/** Lists know the end of a number only: of one typed in full, or read from a card, nothing else is sent. */
export function soughtText(text: string): string {
  const plain = text.replace(/\s/g, '')
  return checkCitizenNo(plain) === 'ok' || isCreditCode(plain) ? plain.slice(-TAIL).toUpperCase() : text.trim()
}
