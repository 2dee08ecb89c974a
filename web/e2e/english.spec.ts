import type { Page } from '@playwright/test'
import { expect, inspect, test } from './fixtures'

const STRANGER = ['/', '/items', '/items?q=lost%20card', '/items?q=housing%20fund', '/items?q=zzz', '/items/JY-009', '/items/LD-001', '/life/unemployed', '/halls', '/calculators', '/calculators/retirement', '/progress', '/sign-in', '/sign-up', '/accessibility', '/nowhere']
const CITIZEN = ['/', '/cases', '/cases?which=drafts', '/cases?which=closed', '/messages', '/account']

/** The Chinese that a reader of an English page meets unmarked: names and citations in Chinese say that they are. */
function chineseOn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const isChinese = (text: string | null) => /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]/.test(text ?? '')
    const isMarked = (element: Element | null) => element?.closest('[lang]')?.getAttribute('lang') === 'zh-CN'
    const found: string[] = []
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) if (isChinese(texts.currentNode.nodeValue) && !isMarked(texts.currentNode.parentElement)) found.push(texts.currentNode.nodeValue ?? '')
    for (const name of ['aria-label', 'aria-valuetext', 'placeholder', 'title', 'alt']) {
      for (const element of document.querySelectorAll(`[${name}]`)) if (isChinese(element.getAttribute(name)) && !isMarked(element)) found.push(`${name}: ${element.getAttribute(name)}`)
    }
    return isChinese(document.title) ? [...found, document.title] : found
  })
}

async function reads(page: Page, state: string): Promise<void> {
  await inspect(page, `english-${state}`)
  expect(await page.evaluate(() => document.documentElement.lang), state).toBe('en')
  expect(await chineseOn(page), `Chinese on ${state}`).toEqual([])
}

const nameOf = (path: string) => path.replace(/\W+/g, '-')

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } })

  test('the language is switched on the page, stays on this device and is there at once', async ({ page }) => {
    await page.goto('/items/JY-009')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('失业登记')
    await page.getByRole('button', { name: 'English' }).focus()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Unemployment registration')
    await expect(page).toHaveTitle('Unemployment registration - Yunchuan HRSS public services')
    await expect(page.getByRole('button', { name: '中文' })).toBeFocused()
    await reads(page, 'switched')
    await page.addInitScript(() => {
      const shown: string[] = []
      Object.assign(window, { shown })
      new MutationObserver(() => shown.push(document.getElementById('app')?.querySelector('main, .nav')?.textContent ?? '')).observe(document, { childList: true, subtree: true })
    })
    await page.reload()
    await reads(page, 'reloaded')
    const shown = await page.evaluate(() => (window as unknown as { shown: string[] }).shown.join(''))
    expect(shown).toContain('Home')
    expect(shown).not.toContain('首页')
    await page.getByRole('button', { name: '中文' }).click()
    await expect(page).toHaveTitle('失业登记 - 云川人社公共服务')
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  })

  test('a guide in English leads to a page in English', async ({ page }) => {
    await page.goto('/items/JY-009?lang=en')
    await reads(page, 'from-guide')
    await page.goto('/halls')
    await reads(page, 'from-guide-on')
  })

  test('from the question to the result', async ({ page, staff }) => {
    await page.goto('/')
    await page.getByRole('button', { name: 'English' }).click()
    await reads(page, 'home')
    await page.getByRole('searchbox').fill('unemployed')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.waitForURL('**/items?q=unemployed')
    await reads(page, 'search')
    await page.goto('/calculators/retirement')
    await page.getByRole('button', { name: 'Calculate' }).click()
    await expect(page.getByRole('alert')).toBeVisible()
    await reads(page, 'calculator-errors')
    await page.getByLabel('Female').check()
    await page.getByLabel('Year').fill('1975')
    await page.getByLabel('Month').fill('6')
    await page.getByLabel('Day').fill('1')
    await reads(page, 'calculator-filled')

    await page.goto('/items/SB-084/apply')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByText('Please give your password')).toHaveCount(2)
    await reads(page, 'sign-in-errors')
    await page.getByRole('button', { name: /only 9 months/ }).click()
    await page.waitForURL('**/apply/case_*')
    await reads(page, 'apply')
    await page.getByLabel('Mobile number').fill('12')
    await page.getByRole('button', { name: 'Next: check' }).click()
    await expect(page.getByRole('alert')).toBeFocused()
    await reads(page, 'apply-errors')
    await page.getByRole('button', { name: '中文' }).click()
    await expect(page.getByRole('alert')).toContainText('处需要补充')
    await expect(page.getByRole('alert')).not.toContainText('mobile')
    await page.getByRole('button', { name: 'English' }).click()
    await reads(page, 'apply-errors-again')
    await page.getByLabel('Mobile number').fill('13800000009')
    await page.getByLabel('Where I was insured').check()
    await page.getByLabel('The account of my social security card').check()
    await page.getByLabel(/I will tell the centre/).check()
    await page.getByRole('button', { name: 'Next: check' }).click()
    await expect(page.getByRole('heading', { name: 'Please check' })).toBeVisible()
    await reads(page, 'check')
    await page.getByRole('button', { name: 'Submit the application' }).click()
    await expect(page.getByText('Please read the declaration').first()).toBeVisible()
    await reads(page, 'check-errors')
    await page.getByLabel(/I have read the declaration/).check()
    await page.getByRole('button', { name: 'Submit the application' }).click()
    await expect(page.getByRole('heading', { name: 'Submitted' })).toBeVisible()
    await reads(page, 'submitted')
    const [no = '', code = ''] = await page.locator('.codes dd').allInnerTexts()
    await page.getByRole('link', { name: 'See progress' }).click()
    await expect(page.getByRole('heading', { name: 'What has happened' })).toBeVisible()
    await reads(page, 'case')
    await page.getByRole('button', { name: 'Withdraw the application' }).click()
    await reads(page, 'withdraw')
    await page.getByRole('button', { name: 'Cancel' }).click()

    const id = /case_\w+/.exec(page.url())?.[0] ?? ''
    const clerk = await staff('zhoumin'), lines = [{ field: 'mobile', defect: '手机号打不通', how_to_fix: '请填写能打通的号码' }]
    await clerk.act(id, 'pre-return', { lines }, 'PRE_RETURNED')
    await page.getByRole('button', { name: 'Submit anyway' }).click()
    await reads(page, 'insist')
    await page.getByRole('dialog').getByRole('button', { name: 'Submit anyway' }).click()
    await expect(page.getByText('Received', { exact: true }).first()).toBeVisible()
    await clerk.becomes(id, 'RECEIVED')
    await clerk.act(id, 'correct', { lines }, 'CORRECTING')
    await expect(page.getByRole('heading', { name: 'Please supply this' })).toBeVisible()
    await reads(page, 'correcting')
    await page.getByRole('link', { name: 'Notice of corrections' }).first().click()
    await reads(page, 'notice-of-corrections')
    await page.goto('/')
    await expect(page.getByRole('link', { name: 'Complete it' })).toBeVisible()
    await reads(page, 'home-needs-me')
    await page.goto('/cases')
    await reads(page, 'cases')

    await page.goto('/progress')
    await page.getByRole('button', { name: 'Check progress' }).click()
    await reads(page, 'progress-errors')
    await page.getByLabel('Case number').fill(no)
    await page.getByLabel('Query code').fill(code)
    await page.getByRole('button', { name: 'Check progress' }).click()
    await expect(page.getByRole('heading', { name: 'Unemployment benefit claim' })).toBeVisible()
    await reads(page, 'progress')
    await page.goto('/messages')
    await expect(page.getByText('Submitted: Unemployment benefit claim', { exact: true })).toBeVisible()
    await reads(page, 'messages')
  })

  test('what waits for the citizen, and the answer at once', async ({ page, enter }) => {
    await enter('person-11')
    await page.addInitScript(() => localStorage.setItem('yici.lang', 'en'))
    await page.goto('/items/JY-009/apply')
    await page.waitForURL('**/apply/case_*')
    await page.getByLabel('I have not worked yet').check()
    await page.getByLabel('Where do you live now').fill('401, Unit 3, Building 12, Jiefang Road')
    await page.getByLabel('Mobile number').fill('13800000012')
    await page.getByLabel(/able to work/).check()
    await page.getByRole('button', { name: 'Next: check' }).click()
    await page.getByLabel(/I have read the declaration/).check()
    await page.getByRole('button', { name: 'Submit the application' }).click()
    await expect(page.getByRole('heading', { name: 'Done' })).toBeVisible()
    await reads(page, 'granted')
    await page.getByRole('link', { name: 'See the decision' }).click()
    await reads(page, 'notice')
    await page.getByRole('link', { name: 'Back to the case' }).click()
    await page.getByRole('link', { name: 'Rate the service' }).click()
    await page.getByRole('button', { name: 'Submit the rating' }).click()
    await expect(page.getByText('Please choose a rating').first()).toBeVisible()
    await reads(page, 'rate-errors')
  })
})

for (const [width, elder] of [[320, true], [390, false], [390, true], [1440, false]] as const) {
  test(`every page holds in English at ${width} px${elder ? ' in elder mode' : ''}`, async ({ page, enter }) => {
    await page.setViewportSize({ width, height: 844 })
    await page.addInitScript((on) => {
      localStorage.setItem('yici.lang', 'en')
      if (on) localStorage.setItem('yici.elder', '1')
    }, elder)
    const look = async (path: string, who: string) => {
      await page.goto(path)
      await expect(page.getByRole('button', { name: '中文' })).toBeVisible()
      await reads(page, `${who}${nameOf(path)}-${width}${elder ? '-elder' : ''}`)
    }
    for (const path of STRANGER) await look(path, 'stranger')
    await enter('person-19')
    for (const path of CITIZEN) await look(path, 'citizen')
  })
}
