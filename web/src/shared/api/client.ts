import { ApiProblem, kindOfStatus } from './problem'
import type { Problem, Surface } from './types'

export type Query = Record<string, string | number | boolean | null | undefined>

export interface CallOptions {
  query?: Query
  body?: unknown
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

export interface UploadOptions { version?: number; key?: string; signal?: AbortSignal; onProgress?: (share: number) => void }

const BASE = '/api/v1'
const TIMEOUT_MS = 20_000
const UPLOAD_TIMEOUT_MS = 180_000

let surface: Surface = 'portal'
let language = 'zh-CN'
const signedOutListeners = new Set<() => void>()
const signedInListeners = new Set<() => void>()

/** Tells which cookie counts; called once by each entry. */
export function setSurface(value: Surface): void { surface = value }

/** Language of the words in answers. */
export function setApiLanguage(value: string): void { language = value }

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
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
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
  get: async <T>(path: string, query?: Query, options: CallOptions = {}) => (await call<T>('GET', path, { ...options, query })).data,
  post: async <T>(path: string, body?: unknown, options: CallOptions = {}) => (await call<T>('POST', path, { ...options, body: body ?? {} })).data,
  put: async <T>(path: string, body?: unknown, options: CallOptions = {}) => (await call<T>('PUT', path, { ...options, body: body ?? {} })).data,
  delete: async <T = void>(path: string, options: CallOptions = {}) => (await call<T>('DELETE', path, options)).data,
  upload
}

/** Sends one file as multipart field `file` and tells how far it is (0 to 1). */
function upload<T>(path: string, file: File, options: UploadOptions = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', BASE + path)
    request.timeout = UPLOAD_TIMEOUT_MS
    for (const [name, value] of Object.entries(headersOf('POST', options, false))) request.setRequestHeader(name, value)
    request.upload.onprogress = (event) => options.onProgress?.(event.total ? event.loaded / event.total : 0)
    request.onerror = () => reject(new ApiProblem('offline'))
    request.ontimeout = () => reject(new ApiProblem('timeout'))
    request.onabort = () => reject(new DOMException('aborted', 'AbortError'))
    request.onload = () => {
      try {
        resolve(read<T>({ status: request.status, text: request.responseText, header: (name) => request.getResponseHeader(name) }, {}).data)
      } catch (cause) {
        reject(cause)
      }
    }
    options.signal?.addEventListener('abort', () => request.abort())
    const body = new FormData()
    body.append('file', file)
    request.send(body)
  })
}

function headersOf(method: string, options: CallOptions | UploadOptions, json: boolean): Record<string, string> {
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
