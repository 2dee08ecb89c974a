import { announce } from '@/shared/ui/announce'
import { t } from '../locales'

/** Copies a text; where the browser forbids it, the text stays to be selected by hand. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    announce(t.view.copied)
  } catch {
    announce(text)
  }
}
