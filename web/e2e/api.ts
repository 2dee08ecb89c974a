import { expect, type APIRequestContext } from '@playwright/test'
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

  async post(path: string, body: object, version?: number): Promise<void> {
    const headers = { ...this.headers(), 'Idempotency-Key': randomUUID(), ...(version === undefined ? {} : { 'If-Match': `"${version}"` }) }
    const answer = await this.context.post(`${this.url}/api/v1${path}`, { headers, data: body })
    expect(answer.ok(), `POST ${path}: ${await answer.text()}`).toBe(true)
  }

  /** Acts on a case as it stands, and waits until it stands in the state that follows. */
  async act(caseId: string, act: string, body: object, state: string): Promise<void> {
    await this.post(`/cases/${caseId}/${act}`, body, await this.versionOf(caseId))
    await this.becomes(caseId, state)
  }

  /** Waits until a case stands in a state: what others did has arrived, and what follows from it. */
  async becomes(caseId: string, state: string): Promise<void> {
    await expect.poll(async () => (await this.look(caseId)).state).toBe(state)
  }

  /** The version of a case as it stands. */
  async versionOf(caseId: string): Promise<number> {
    return (await this.look(caseId)).version
  }

  private look(caseId: string): Promise<Told> {
    return this.get<Told>(this.surface === 'workbench' ? `/workbench/cases/${caseId}` : `/cases/${caseId}`)
  }

  private headers(): Record<string, string> {
    return { 'X-Yici-Surface': this.surface, 'Accept-Language': 'zh-CN' }
  }
}
