/** The longer edge of a photo in dots: a sheet of A4 with 250 to the inch. */
const EDGE_MAX = 3000
/** Photos below this size are sent as they are. */
const LIGHT_BYTES = 1_500_000
const QUALITY = 0.85

/** The kinds that are taken, by the first bytes; the server looks at the same ones. */
const HEADS: [kind: string, bytes: number[]][] = [
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['application/pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]]
]
const HEIC = /^hei[cfmsx]|^mif1|^msf1/

/** What a file is, by its content and not by its name; `heic` is told apart because phones make it. */
export async function kindOf(file: Blob): Promise<string | undefined> {
  const head = new Uint8Array(await file.slice(0, 16).arrayBuffer())
  const known = HEADS.find(([, bytes]) => bytes.every((byte, at) => head[at] === byte))
  if (known) return known[0]
  const brand = String.fromCharCode(...head.slice(4, 12))
  return brand.startsWith('ftyp') && HEIC.test(brand.slice(4)) ? 'heic' : undefined
}

/** How large a picture becomes: never larger, its shape kept. */
export function scaled(width: number, height: number): { width: number; height: number } {
  const factor = Math.min(1, EDGE_MAX / Math.max(width, height))
  return { width: Math.round(width * factor), height: Math.round(height * factor) }
}

/** A photo as it is sent: upright, and not larger than its text needs. What the browser cannot read stays as it is. */
export async function lighter(file: File, kind: string | undefined): Promise<File> {
  const isLight = kind === 'image/jpeg' && file.size <= LIGHT_BYTES
  if (isLight || (kind !== 'image/jpeg' && kind !== 'heic')) return file
  // Decoding turns the picture as its camera says.
  const picture = await createImageBitmap(file).catch(() => undefined)
  if (!picture) return file
  const canvas = Object.assign(document.createElement('canvas'), scaled(picture.width, picture.height))
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  const content = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY))
  if (!content || (kind === 'image/jpeg' && content.size >= file.size)) return file
  return new File([content], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg', lastModified: file.lastModified })
}

/** SHA-256 of a file in hexadecimal letters; none where the browser makes no digests (without TLS). */
export async function digestOf(file: Blob): Promise<string | undefined> {
  if (!globalThis.crypto?.subtle) return undefined
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
