import { test as base, expect, type BrowserContext, type Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Api } from './api'
import { startServer, type Server } from './server'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Worker { database: 'sqlite' | 'postgres'; server: Server }
interface Given {
  /** Statuses of calls that a test provokes, or `offline` where it takes the network away: the browser's note about them is no complaint. */
  provokes: (number | 'offline')[]
  /** What a page of the test must not do; checked at its end. */
  complaints: string[]
  /** A colleague at a desk of his own, signed in through the page, by name. */
  desk: (name: string) => Promise<Page>
  /** Signs a demo identity in and answers what it may call. */
  enter: (ticket: string) => Promise<Api>
  /** A member of staff, by account. */
  staff: (account: string) => Promise<Api>
}

/** Each test gets a page that may not complain: an error on the console or a call to elsewhere fails it. */
export const test = base.extend<Given, Worker>({
  database: ['sqlite', { scope: 'worker', option: true }],
  server: [async ({ database }, use) => {
    const server = await startServer(database)
    await use(server)
    await server.stop()
  }, { scope: 'worker', timeout: 320_000 }],
  baseURL: async ({ server }, use) => use(server.url),
  provokes: [[], { option: true }],
  complaints: async ({ provokes }, use) => {
    const complaints: string[] = []
    await use(complaints)
    const notes = provokes.map((what) => (what === 'offline' ? 'net::ERR_INTERNET_DISCONNECTED' : `responded with a status of ${what} `))
    const isProvoked = (said: string) => notes.some((note) => said.includes(note))
    expect(complaints.filter((said) => !isProvoked(said)), 'console errors and requests to elsewhere').toEqual([])
  },
  page: async ({ page, server, complaints }, use) => {
    watch(page, server, complaints)
    await use(page)
  },
  desk: async ({ browser, server, viewport, locale, timezoneId, complaints }, use) => {
    const contexts: BrowserContext[] = []
    await use(async (name) => {
      const context = await browser.newContext({ baseURL: server.url, viewport, locale, timezoneId })
      contexts.push(context)
      const page = await context.newPage()
      watch(page, server, complaints)
      await page.goto('/workbench/sign-in')
      await page.getByRole('button', { name: new RegExp(`^${name}`) }).click()
      await expect(page.getByRole('button', { name: new RegExp(`^${name}，`) })).toBeVisible()
      return page
    })
    for (const context of contexts) await context.close()
  },
  enter: async ({ page, server }, use) => use(async (ticket) => {
    const api = new Api(page.request, server.url, 'portal')
    await api.enter(ticket)
    return api
  }),
  staff: async ({ playwright, server }, use) => {
    const contexts: { dispose: () => Promise<void> }[] = []
    await use(async (account) => {
      const context = await playwright.request.newContext()
      contexts.push(context)
      const api = new Api(context, server.url, 'workbench')
      await api.enter(`staff-${account}`)
      return api
    })
    for (const context of contexts) await context.dispose()
  }
})

export { expect }

/** Writes down what a page says on its console and whom it asks. */
function watch(page: Page, server: Server, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(`${page.url()} ${error}`))
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) complaints.push(`${page.url()} ${message.text()} ${message.location().url}`) })
  page.on('request', (request) => { if (!/^(data|blob|chrome|chrome-extension):/.test(request.url()) && !request.url().startsWith(server.url)) complaints.push(`asks ${request.url()}`) })
}

/** What every state of a page must hold: nothing axe finds, nothing that sticks out to the side. */
export async function inspect(page: Page, state: string): Promise<void> {
  await page.locator('h1').first().waitFor({ state: 'attached' })
  await expect(page.locator('.skeleton')).toHaveCount(0)
  // Colours on their way from one to another are nobody's choice.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished)))
  await page.evaluate(axe)
  const found = await page.evaluate(async () => {
    const run = (window as unknown as { axe: { run: (at: Document) => Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> } }).axe.run
    return (await run(document)).violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.target.join(' ')).join(' | ')}`)
  })
  expect(found, `axe: ${state}`).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `sticks out: ${state}`).toBeLessThanOrEqual(0)
  if (process.env.YICI_SHOTS) await page.screenshot({ path: `${process.env.YICI_SHOTS}/${state}.png`, fullPage: true })
}
