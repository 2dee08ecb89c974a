const KINDS = [/[A-Z]/, /[a-z]/, /\d/, /[^A-Za-z\d]/]
const CHARACTERS_MIN = 10
const KINDS_MIN = 3

/** The server's rule as far as the page can know it: long enough, and three kinds of characters. */
export function isStrong(password: string): boolean {
  return [...password].length >= CHARACTERS_MIN && KINDS.filter((kind) => kind.test(password)).length >= KINDS_MIN
}
