import { words } from '@/shared/locales/format'

/** `1,836 元` or `1,836.50 yuan`; the amount is in fen. */
export function formatFen(fen: number): string {
  const yuan = Math.trunc(Math.abs(fen) / 100), rest = Math.abs(fen) % 100
  const whole = String(yuan).replace(/\B(?=(\d{3})+$)/g, ',')
  return words.yuan(`${fen < 0 ? '-' : ''}${whole}${rest ? `.${String(rest).padStart(2, '0')}` : ''}`)
}

/** `820 KB`, `1.4 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const kilo = bytes / 1024
  return kilo < 1024 ? `${Math.round(kilo)} KB` : `${(kilo / 1024).toFixed(1)} MB`
}

/** Shows the first and the last characters, `110105********002X`. */
export function mask(text: string, head: number, tail: number): string {
  const letters = [...text]
  const hidden = letters.length - head - tail
  if (hidden <= 0) return '*'.repeat(letters.length)
  return letters.slice(0, head).join('') + '*'.repeat(hidden) + letters.slice(letters.length - tail).join('')
}

/** More than is counted reads 999+: nobody plans his day by a larger number. */
export const COUNTED_MAX = 999
export function formatCount(count: number): string {
  return count > COUNTED_MAX ? `${COUNTED_MAX}+` : String(count)
}
