/** The three boxes of a date. */
export interface DayBoxes { y: string; m: string; d: string }

/** The boxes of `YYYY-MM-DD`; what is not a date leaves them empty. */
export function boxesOf(day: string | null | undefined): DayBoxes {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day ?? '')
  return match ? { y: match[1] ?? '', m: String(Number(match[2])), d: String(Number(match[3])) } : { y: '', m: '', d: '' }
}

/** The boxes of `YYYY-MM`. */
export function boxesOfMonth(month: string | null | undefined): DayBoxes {
  return { ...boxesOf(`${month}-01`), d: '' }
}

/** `YYYY-MM` of the boxes, as [`dayOfBoxes`]. */
export function monthOfBoxes({ y, m }: DayBoxes): string {
  return y || m ? `${plain(y)}-${plain(m).padStart(2, '0')}` : ''
}

/** `YYYY-MM-DD` of the boxes; empty boxes give an empty text, an impossible date stays recognisable as wrong. */
export function dayOfBoxes({ y, m, d }: DayBoxes): string {
  if (!y && !m && !d) return ''
  return `${plain(y)}-${plain(m).padStart(2, '0')}-${plain(d).padStart(2, '0')}`
}

/** What is typed into a box, also with a keyboard that is set to full-width letters. */
function plain(typed: string): string {
  return typed.normalize('NFKC').trim()
}

/** Whether the text is a day that exists. */
export function isDay(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!match) return false
  const [y, m, d] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const at = new Date(Date.UTC(y, m - 1, d))
  return y >= 1900 && at.getUTCMonth() === m - 1 && at.getUTCDate() === d
}
