import type { Page } from '@playwright/test'
import { register } from './applications'
import { expect, inspect, test } from './fixtures'

test.use({ viewport: { width: 1440, height: 900 } })

const figure = (page: Page, label: string) => page.getByRole('listitem').filter({ has: page.getByRole('button', { name: `${label}是怎么算的` }) }).locator('.value')
const count = async (page: Page, label: string) => Number((await figure(page, label).innerText()).replace(/\D/g, ''))

test('a case that is decided is counted while the leader looks; its message and its short message are there', async ({ page, enter, desk }) => {
  const leader = await desk('柳少华')
  await leader.getByRole('link', { name: '运行数据' }).click()
  await expect(figure(leader, '办结')).toBeVisible()
  await expect(leader.getByRole('img').first()).toBeVisible()
  await inspect(leader, 'desk-dashboard')
  await leader.getByRole('button', { name: '最多跑一次率是怎么算的' }).click()
  await expect(leader.getByRole('dialog', { name: '最多跑一次率是怎么算的' })).toContainText('同一天的算一次')
  await leader.keyboard.press('Escape')
  await leader.getByRole('button', { name: /^看数据.*按渠道$/ }).click()
  await expect(leader.getByRole('region', { name: '按渠道的数据' }).getByRole('row').filter({ hasText: '网上' })).toBeVisible()
  const closed = await count(leader, '办结'), received = await count(leader, '收件')

  await enter('person-22')
  await register(page, '13800000026')
  await expect(figure(leader, '办结')).toHaveText(new RegExp(`^${closed + 1}\\D`))
  await expect(figure(leader, '收件')).toHaveText(new RegExp(`^${received + 1}\\D`))

  await page.getByRole('link', { name: /消息/ }).first().click()
  await expect(page.getByRole('main').getByText(/^\d+ 条没看$/)).toBeVisible()
  await inspect(page, 'messages-unread')
  await page.getByRole('button', { name: '全部标为看过' }).click()
  await expect(page.getByText('都看过了')).toBeVisible()

  await leader.getByRole('link', { name: '外发箱' }).click()
  const sent = leader.getByRole('row').filter({ hasText: '失业登记' }).first()
  await expect(sent).toContainText('0026')
  await expect(sent).toContainText('已发出')
  await inspect(leader, 'desk-outbox')
})
