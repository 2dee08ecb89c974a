import { claim, numberOf } from './applications'
import { expect, inspect, test } from './fixtures'

test.use({ viewport: { width: 1440, height: 900 } })

test('the inbox by keyboard only: filtered, claimed, opened, accepted', async ({ page, enter, desk }) => {
  await enter('person-4')
  const number = await numberOf(page, await claim(page, '13800000004'))

  const clerk = await desk('李娟')
  const holder = clerk.locator('td.c-holder'), keys = clerk.keyboard
  await expect(clerk.getByRole('link', { name: number })).toBeVisible()
  await inspect(clerk, 'inbox')
  await keys.press('?')
  await expect(clerk.getByRole('dialog', { name: '键盘快捷键' })).toBeVisible()
  await inspect(clerk, 'inbox-keys')
  await keys.press('Escape')

  await keys.press('/')
  await keys.type(number)
  await keys.press('Enter')
  await expect(holder).toHaveCount(1)
  await expect(clerk).not.toHaveURL(new RegExp(number))
  await expect(clerk.getByText('共 1 件')).toBeVisible()
  await inspect(clerk, 'inbox-filtered')
  await keys.press('j')
  await expect(clerk.getByRole('link', { name: number })).toBeFocused()
  await keys.press('x')
  await expect(clerk.getByRole('group', { name: '批量操作' })).toContainText('已选 1 件')
  await keys.press('x')
  await keys.press('c')
  await expect(holder).toContainText('我')
  await keys.press('Enter')
  await expect(clerk.getByText('您正在办')).toBeVisible()
  await inspect(clerk, 'case-intake')

  const colleague = await desk('王雷鸣')
  await expect(colleague.getByRole('row', { name: new RegExp(number) })).toContainText('李娟')
  await expect(colleague.getByRole('button', { name: `领取 ${number}` })).toHaveCount(0)

  await keys.press('2')
  await expect(clerk.getByRole('tab', { name: /材料/ })).toHaveAttribute('aria-selected', 'true')
  await keys.press('3')
  await expect(clerk.locator('.djs-container')).toBeVisible()
  await inspect(clerk, 'case-flow')
  await keys.press('1')
  await keys.press('Alt+p')
  await expect(clerk.locator('.tag', { hasText: '已收件' })).toBeVisible()
  await expect(clerk.getByRole('button', { name: '受理', exact: true })).not.toHaveAttribute('aria-disabled')
  await keys.press('Alt+a')
  await expect(clerk.locator('.tag', { hasText: '审查中' })).toBeVisible()
  await expect(clerk.getByRole('region', { name: '办件记录' })).toContainText('受理')
  await inspect(clerk, 'case-accepted')
})
