import { watch } from 'vue'
import { lang } from '.'

export interface Told { id: string; text: string }

/** What was told once, as the errors of a check, follows the language of the page. */
export function retell(told: () => Told[], check: () => Told[]): void {
  watch(lang, () => {
    const now = new Map(check().map(({ id, text }) => [id, text]))
    for (const one of told()) one.text = now.get(one.id) ?? one.text
  })
}
