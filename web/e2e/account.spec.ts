import { expect, inspect, test } from './fixtures'

test.use({ viewport: { width: 1440, height: 900 } })

test('an account is opened, its password changed, another device signed out', async ({ page, browser, server }) => {
  await page.goto('/sign-up')
  await page.getByRole('button', { name: '注册并登录' }).click()
  await inspect(page, 'sign-up-errors')
  await page.getByLabel('姓名').fill('高长顺')
  await page.getByLabel('身份证号').fill('180121196611300479')
  await page.getByLabel('手机号').fill('13800000206')
  await page.getByLabel('设一个密码').fill('Shan1-gao-shui-chang')
  await page.getByRole('button', { name: '注册并登录' }).click()
  await expect(page.getByRole('link', { name: /高\*顺/ })).toBeVisible()

  const other = await browser.newContext({ baseURL: server.url })
  const elsewhere = await other.newPage()
  await elsewhere.goto('/sign-in')
  await elsewhere.getByLabel('身份证号或手机号').fill('13800000206')
  await elsewhere.getByLabel('密码', { exact: true }).fill('Shan1-gao-shui-chang')
  await elsewhere.getByRole('main').getByRole('button', { name: '登录' }).click()
  await expect(elsewhere.getByRole('link', { name: /高\*顺/ })).toBeVisible()

  await page.goto('/account')
  await expect(page.getByRole('button', { name: '退出它' })).toBeVisible()
  await inspect(page, 'account')
  await page.getByRole('button', { name: '退出它' }).click()
  await expect(page.getByRole('button', { name: '退出它' })).toBeHidden()
  await elsewhere.goto('/cases')
  await expect(elsewhere.getByRole('heading', { name: '登录' })).toBeVisible()
  await other.close()

  await page.getByLabel('现在的密码').fill('Shan1-gao-shui-chang')
  await page.getByLabel('新密码').fill('Shan2-gao-shui-chang')
  await page.getByRole('button', { name: '改密码' }).click()
  await expect(page.getByText('密码改好了，其他设备已退出登录')).toBeVisible()
  await page.getByRole('button', { name: '退出登录' }).click()
  await expect(page.getByRole('link', { name: '登录' }).first()).toBeVisible()
})
