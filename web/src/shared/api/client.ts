import { ApiProblem, kindOfStatus } from './problem'
import type { Problem, Surface } from './types'

export type Query = Record<string, string | number | boolean | null | undefined>

export interface CallOptions {
  query?: Query
  body?: unknown
  /** A body with a file, in place of `body`. */
  form?: FormData
  /** Version of the aggregate that is changed (`If-Match`). */
  version?: number
  /** Idempotency key of the user's action; a fresh one is made when absent. */
  key?: string
  signal?: AbortSignal
  /** A 401 is an ordinary answer here (looking at the session, signing in). */
  quiet?: boolean
}

export interface Answer<T> {
  data: T
  /** Version told by `ETag`, if any. */
  version: number | null
}

export interface PartOptions { signal?: AbortSignal; onProgress?: (share: number) => void }
export interface UploadOptions extends PartOptions { key?: string }

const BASE = '/api/v1'
const TIMEOUT_MS = 20_000
/** As long as the server waits for a part. */
const PART_TIMEOUT_MS = 120_000
/** As long as the server waits for a file. */
const UPLOAD_TIMEOUT_MS = 180_000

let surface: Surface = 'portal'
let language = 'zh-CN'
const signedOutListeners = new Set<() => void>()
const signedInListeners = new Set<() => void>()
const languageListeners = new Set<() => void>()

/** Tells which cookie counts; called once by each entry. */
export function setSurface(value: Surface): void { surface = value }

/** Language of the words in answers. */
export function setApiLanguage(value: string): void {
  language = value
  languageListeners.forEach((listener) => listener())
}

/** Calls back whenever answers come in another language from now on. */
export function onLanguage(listener: () => void): () => void {
  languageListeners.add(listener)
  return () => languageListeners.delete(listener)
}

/** Calls back whenever a call was refused because the session has ended. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener)
  return () => signedOutListeners.delete(listener)
}

/** Calls back whenever somebody has signed in again over a page whose session had ended. */
export function onSignedIn(listener: () => void): () => void {
  signedInListeners.add(listener)
  return () => signedInListeners.delete(listener)
}

/** Tells those who wait for a session that there is one again. */
export function tellSignedIn(): void {
  signedInListeners.forEach((listener) => listener())
}

/** A key that makes one action of the user count once, however often it is sent. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The address of an API path with its query. */
export function apiUrl(path: string, query: Query = {}): string {
  const parts = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '')
  const text = new URLSearchParams(parts.map(([key, value]) => [key, String(value)])).toString()
  return BASE + path + (text ? `?${text}` : '')
}

/** One call, with the version that the answer carries. */
export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
  const stop = new AbortController()
  let timedOut = false
  const timer = setTimeout(() => { timedOut = true; stop.abort() }, TIMEOUT_MS)
  const abort = () => stop.abort()
  options.signal?.addEventListener('abort', abort)
  try {
    const response = await fetch(apiUrl(path, options.query), {
      method,
      headers: headersOf(method, options, options.body !== undefined),
      body: options.form ?? (options.body === undefined ? undefined : JSON.stringify(options.body)),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: stop.signal
    })
    const text = response.status === 204 ? '' : await response.text()
    return read<T>({ status: response.status, text, header: (name) => response.headers.get(name) }, options)
  } catch (cause) {
    if (cause instanceof ApiProblem || options.signal?.aborted) throw cause
    throw new ApiProblem(timedOut ? 'timeout' : 'offline')
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', abort)
  }
}

/** The one way to the server. */
export const api = {
  /** Sends a small file whole. */
  file: async <T>(path: string, file: File, options: CallOptions = {}) => {
    const form = new FormData()
    form.append('file', file)
    return (await call<T>('POST', path, { ...options, form })).data
  },
  get: async <T>(path: string, query?: Query, options: CallOptions = {}) => (await call<T>('GET', path, { ...options, query })).data,
  post: async <T>(path: string, body?: unknown, options: CallOptions = {}) => (await call<T>('POST', path, { ...options, body: body ?? {} })).data,
  put: async <T>(path: string, body?: unknown, options: CallOptions = {}) => (await call<T>('PUT', path, { ...options, body: body ?? {} })).data,
  delete: async <T = void>(path: string, options: CallOptions = {}) => (await call<T>('DELETE', path, options)).data,
  upload,
  part,
  download
}

export interface DownloadOptions { signal?: AbortSignal; onProgress?: (bytes: number) => void }

/** Takes a file that is made while it is read: it counts only when it has come whole. */
async function download(path: string, query: Query = {}, options: DownloadOptions = {}): Promise<{ file: Blob; name: string }> {
  try {
    const response = await fetch(apiUrl(path, query), {
      headers: headersOf('GET', {}, false), credentials: 'same-origin', cache: 'no-store', signal: options.signal
    })
    if (!response.ok || !response.body) read({ status: response.status, text: await response.text(), header: (name) => response.headers.get(name) }, {})
    const pieces: BlobPart[] = []
    let bytes = 0
    const reader = response.body!.getReader()
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      pieces.push(piece.value)
      options.onProgress?.((bytes += piece.value.byteLength))
    }
    const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? 'download'
    return { file: new Blob(pieces, { type: response.headers.get('Content-Type') ?? '' }), name }
  } catch (cause) {
    if (cause instanceof ApiProblem || options.signal?.aborted) throw cause
    throw new ApiProblem('offline')
  }
}

/** Sends a file whole, and tells how much of it is gone (0 to 1). */
async function upload<T>(path: string, file: File, options: UploadOptions = {}): Promise<T> {
  const form = new FormData()
  form.append('file', file)
  const answer = await send('POST', path, headersOf('POST', { key: options.key }, false), form, UPLOAD_TIMEOUT_MS, options)
  return read<T>(answer, {}).data
}

/** Sends a part of a file that begins at `offset`, and tells how much of it is gone (0 to 1). Answers how many bytes are there. */
async function part(path: string, offset: number, content: Blob, options: PartOptions = {}): Promise<number> {
  const headers = { ...headersOf('GET', {}, false), 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(offset) }
  const answer = await send('PATCH', path, headers, content, PART_TIMEOUT_MS, options)
  read(answer, {})
  return Number(answer.header('Upload-Offset'))
}

/** Sends what is large: `fetch` does not tell how much of it is gone. */
function send(method: string, path: string, headers: Record<string, string>, body: Blob | FormData, timeout: number, options: PartOptions): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(method, BASE + path)
    request.timeout = timeout
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    const stop = () => request.abort()
    const end = () => options.signal?.removeEventListener('abort', stop)
    request.upload.onprogress = (event) => options.onProgress?.(event.total ? event.loaded / event.total : 0)
    request.onerror = () => { end(); reject(new ApiProblem('offline')) }
    request.ontimeout = () => { end(); reject(new ApiProblem('timeout')) }
    request.onabort = () => { end(); reject(new DOMException('aborted', 'AbortError')) }
    request.onload = () => { end(); resolve({ status: request.status, text: request.responseText, header: (name) => request.getResponseHeader(name) }) }
    options.signal?.addEventListener('abort', stop)
    request.send(body)
  })
}

function headersOf(method: string, options: CallOptions, json: boolean): Record<string, string> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': language, 'X-Yici-Surface': surface }
  if (json) headers['Content-Type'] = 'application/json'
  if (method !== 'GET') headers['Idempotency-Key'] = options.key ?? newKey()
  if (options.version !== undefined) headers['If-Match'] = `"${options.version}"`
  return headers
}

/** An answer, whichever way it came. */
interface Raw { status: number; text: string; header: (name: string) => string | null }

function read<T>({ status, text, header }: Raw, options: CallOptions): Answer<T> {
  const body = parse(text)
  if (status >= 200 && status < 300) {
    const version = /^"(\d+)"$/.exec(header('ETag') ?? '')?.[1]
    return { data: body as T, version: version === undefined ? null : Number(version) }
  }
  if (status === 401 && !options.quiet) signedOutListeners.forEach((listener) => listener())
  throw new ApiProblem(kindOfStatus(status), { status, ...(body as Partial<Problem> | undefined) }, retryAt(header('Retry-After')))
}

/** `Retry-After` counts seconds; a date is not sent by our server. */
function retryAt(seconds: string | null): number | undefined {
  return /^\d+$/.test(seconds ?? '') ? Date.now() + Number(seconds) * 1000 : undefined
}

function parse(text: string): unknown {
  if (!text) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
