import { expect, type APIRequestContext, type APIResponse } from '@playwright/test'
import { randomUUID } from 'node:crypto'

/** The case as far as these tests read it. */
interface Told { version: number; state: string }

/** Somebody signed in, calling the API as the pages do. */
export class Api {
  constructor(private readonly context: APIRequestContext, private readonly url: string, private readonly surface: 'portal' | 'workbench') {}

  /** Signs in through the demo identity provider. */
  async enter(ticket: string): Promise<void> {
    await this.post('/session/provider', { provider: 'demo', ticket })
  }

  async get<T>(path: string): Promise<T> {
    const answer = await this.context.get(`${this.url}/api/v1${path}`, { headers: this.headers() })
    expect(answer.ok(), `GET ${path}: ${await answer.text()}`).toBe(true)
    return (await answer.json()) as T
  }

  async post(path: string, body: object): Promise<void> {
    const answer = await this.call(path, body)
    expect(answer.ok(), `POST ${path}: ${await answer.text()}`).toBe(true)
  }

  /**
   * Acts on a case as it stands, and waits until it stands in the state that follows, if one is
   * named. Where a notice served or a message sent was faster, the case is read again, as the API asks.
   */
  async act(caseId: string, act: string, body: object, state?: string): Promise<void> {
    const path = `/cases/${caseId}/${act}`
    let refused = ''
    await expect.poll(async () => {
      const answer = await this.call(path, body, (await this.look(caseId)).version)
      refused = answer.ok() ? '' : await answer.text()
      return refused.includes('E1010')
    }, `${path} meets the case as it stands`).toBe(false)
    expect(refused, `POST ${path}`).toBe('')
    if (state) await this.becomes(caseId, state)
  }

  /** Waits until a case stands in a state: what others did has arrived, and what follows from it. */
  async becomes(caseId: string, state: string): Promise<void> {
    await expect.poll(async () => (await this.look(caseId)).state).toBe(state)
  }

  private look(caseId: string): Promise<Told> {
    return this.get<Told>(this.surface === 'workbench' ? `/workbench/cases/${caseId}` : `/cases/${caseId}`)
  }

  private call(path: string, body: object, version?: number): Promise<APIResponse> {
    const headers: Record<string, string> = { ...this.headers(), 'Idempotency-Key': randomUUID() }
    if (version !== undefined) headers['If-Match'] = `"${version}"`
    return this.context.post(`${this.url}/api/v1${path}`, { headers, data: body })
  }

  private headers(): Record<string, string> {
    return { 'X-Yici-Surface': this.surface, 'Accept-Language': 'zh-CN' }
  }
}
