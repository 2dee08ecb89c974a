import type { Page } from '@playwright/test'
import { expect, inspect, test } from './fixtures'

test.use({ viewport: { width: 390, height: 844 }, provokes: [409] })

/** Acts for an enterprise from the head of the page. */
async function actFor(page: Page, name: RegExp): Promise<void> {
  await page.goto('/')
  await page.getByRole('button', { name: /换一个身份/ }).click()
  await page.getByLabel(name).check()
  await page.getByRole('button', { name: '就用这个身份' }).click()
  await expect(page.getByRole('dialog')).toBeHidden()
}

test('an enterprise gets a second agent, who may act for it until he is taken off the list', async ({ page, enter }) => {
  await enter('person-17')
  await page.goto('/agents')
  await page.getByRole('main').getByRole('button', { name: '换一个身份' }).click()
  await inspect(page, 'agents-role')
  await page.keyboard.press('Escape')
  await actFor(page, /恒通/)
  await page.goto('/agents')
  await expect(page.getByRole('listitem').filter({ hasText: '沈*宁' })).toBeVisible()
  const add = page.getByRole('form', { name: '添加经办人' })
  await add.getByRole('button', { name: '添加经办人' }).click()
  await expect(page.getByRole('alert').first()).toBeFocused()
  await inspect(page, 'agents-errors')
  await add.getByLabel('姓名').fill('宋明哲')
  await add.getByLabel('身份证号').fill('180102199610210513')
  await add.getByRole('button', { name: '添加经办人' }).click()
  const second = page.getByRole('listitem').filter({ hasText: '宋*哲' })
  await expect(second).toBeVisible()
  await inspect(page, 'agents')

  await enter('person-21')
  await actFor(page, /恒通/)
  await expect(page.getByRole('button', { name: /恒通/ })).toBeVisible()

  await enter('person-17')
  await actFor(page, /恒通/)
  await page.goto('/agents')
  await second.getByRole('button', { name: '移除 宋*哲' }).click()
  await inspect(page, 'agents-remove')
  await page.getByRole('dialog', { name: '移除这位经办人？' }).getByRole('button', { name: '移除' }).click()
  await expect(second).toBeHidden()

  await enter('person-21')
  await page.goto('/')
  await expect(page.getByRole('link', { name: /宋\*哲/ }).first()).toBeVisible()
  await page.getByRole('button', { name: /换一个身份/ }).click()
  await expect(page.getByRole('dialog').getByRole('radio')).toHaveCount(1)
})
