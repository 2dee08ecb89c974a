import { afterEach, describe, expect, it, vi } from 'vitest'
import { digestOf, kindOf, lighter, scaled } from './photo'

const JPEG = [0xff, 0xd8, 0xff, 0xe0]
const blob = (...bytes: number[]) => new Blob([new Uint8Array(bytes)])
const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0))

afterEach(() => vi.unstubAllGlobals())

describe('a file', () => {
  it('is what its content says', async () => {
    expect(await kindOf(blob(...JPEG))).toBe('image/jpeg')
    expect(await kindOf(blob(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a))).toBe('image/png')
    expect(await kindOf(blob(...ascii('%PDF-1.4')))).toBe('application/pdf')
    expect(await kindOf(blob(0, 0, 0, 24, ...ascii('ftypheic')))).toBe('heic')
    expect(await kindOf(blob(0, 0, 0, 24, ...ascii('ftypmp42')))).toBeUndefined()
    expect(await kindOf(blob(...ascii('MZ')))).toBeUndefined()
  })

  it('has the digest of its content', async () => {
    expect(await digestOf(new Blob(['abc']))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
})

describe('a photo', () => {
  const photo = (bytes: number) => new File([new Uint8Array(JPEG), new Uint8Array(bytes)], 'IMG_1.JPEG', { type: 'image/jpeg' })

  it('becomes no larger, and keeps its shape', () => {
    expect(scaled(4000, 3000)).toEqual({ width: 3000, height: 2250 })
    expect(scaled(3000, 6000)).toEqual({ width: 1500, height: 3000 })
    expect(scaled(800, 600)).toEqual({ width: 800, height: 600 })
  })

  it('is sent smaller when it is large, and stays as it is when that gains nothing', async () => {
    const close = vi.fn()
    vi.stubGlobal('createImageBitmap', vi.fn(async () => ({ width: 4000, height: 3000, close })))
    const drawImage = vi.fn()
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue({ drawImage } as never)
    const toBlob = vi.spyOn(HTMLCanvasElement.prototype, 'toBlob').mockImplementation((done) => done(blob(...JPEG)))
    const large = photo(2_000_000)
    const sent = await lighter(large, 'image/jpeg')
    expect([sent.name, sent.type, sent.size]).toEqual(['IMG_1.jpg', 'image/jpeg', 4])
    expect(drawImage.mock.calls[0]?.slice(1)).toEqual([0, 0, 3000, 2250])
    expect(close).toHaveBeenCalledOnce()
    toBlob.mockImplementation((done) => done(new Blob([new Uint8Array(3_000_000)])))
    expect(await lighter(large, 'image/jpeg')).toBe(large)
  })

  it('that is small, no photo, or not to be read by this browser stays as it is', async () => {
    const decode = vi.fn(async () => { throw new Error('not a picture') })
    vi.stubGlobal('createImageBitmap', decode)
    for (const [file, kind, asked] of [[photo(10), 'image/jpeg', 0], [photo(2_000_000), 'application/pdf', 0], [photo(10), 'heic', 1]] as const) {
      expect(await lighter(file, kind)).toBe(file)
      expect(decode).toHaveBeenCalledTimes(asked)
    }
  })
})
