import type { Locator, Page } from '@playwright/test'
import { expect, inspect, test } from './fixtures'

test.use({ viewport: { width: 390, height: 844 } })

/** Tabs on until the element has the focus: whoever has no mouse must get there. */
async function tabTo(page: Page, to: Locator): Promise<void> {
  await to.waitFor()
  for (let steps = 0; steps < 80; steps += 1) {
    if (await to.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never reaches ${to}`)
}

async function press(page: Page, name: string | RegExp, role: 'button' | 'link' = 'button'): Promise<void> {
  await tabTo(page, page.getByRole(role, { name }).first())
  await page.keyboard.press('Enter')
}

test('elder mode, by keyboard only: from the large home page to the result', async ({ page }) => {
  await page.goto('/')
  await press(page, /长辈版/)
  await expect(page.locator('html[data-elder]')).toBeVisible()
  await inspect(page, 'elder-home')
  expect(await page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize))).toBeGreaterThanOrEqual(18)
  await page.goto('/items/JY-009')
  await inspect(page, 'elder-guide')
  await press(page, '在线办理', 'link')
  await press(page, /李小梅/)
  await page.waitForURL('**/apply/case_*')
  await inspect(page, 'elder-apply')
  await tabTo(page, page.getByLabel('现在住在哪里'))
  await page.keyboard.type('云川市东城区解放路12号3单元401室')
  await tabTo(page, page.getByLabel('手机号'))
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('13800000003')
  await tabTo(page, page.getByLabel(/我有劳动能力/))
  await page.keyboard.press('Space')
  await press(page, '下一步')
  await expect(page.getByRole('heading', { name: '请核对' })).toBeVisible()
  await inspect(page, 'elder-check')
  await tabTo(page, page.getByLabel(/我看过并同意/))
  await page.keyboard.press('Space')
  await press(page, '提交申请')
  await expect(page.getByRole('heading', { name: '办好了' })).toBeVisible()
  await inspect(page, 'elder-submitted')
  await press(page, '看进度', 'link')
  await expect(page.getByRole('heading', { name: '办理经过' })).toBeVisible()
  await inspect(page, 'elder-case')
})
