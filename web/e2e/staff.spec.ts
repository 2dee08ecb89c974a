import { expect, inspect, test } from './fixtures'

test.use({ viewport: { width: 1440, height: 900 } })

test('a post is given, an absence names its deputy, and the deputy sees for whom he stands in', async ({ desk }) => {
  const admin = await desk('蒋一波')
  await expect(admin.getByRole('heading', { name: '人员岗位', level: 1 })).toBeVisible()
  await inspect(admin, 'desk-staff')

  await admin.getByLabel('按姓名或账号找人').fill('luxiao')
  await admin.getByRole('button', { name: '修改 陆晓' }).click()
  await inspect(admin, 'desk-staff-posts')
  await admin.getByRole('checkbox', { name: /综合窗口受理岗/ }).check()
  await admin.getByRole('button', { name: '保存' }).click()
  await expect(admin.getByRole('dialog')).toBeHidden()
  await expect(admin.getByRole('row', { name: /陆晓/ })).toContainText('综合窗口受理岗')

  await admin.getByLabel('按姓名或账号找人').fill('')
  await admin.getByRole('button', { name: '袁欣悦 请假' }).click()
  await admin.getByRole('button', { name: '登记', exact: true }).click()
  await expect(admin.getByText('请选择代班人')).toBeVisible()
  await inspect(admin, 'desk-absence-errors')
  await admin.getByLabel('谁代班').selectOption({ label: '曹雨晴（出件室）' })
  await admin.getByLabel('原因').selectOption({ label: '培训' })
  await admin.getByRole('button', { name: '登记', exact: true }).click()
  await expect(admin.getByRole('row', { name: /^袁欣悦/ })).toContainText('曹雨晴代')
  await admin.getByRole('tab', { name: /请假与代班/ }).click()
  await expect(admin.getByRole('row', { name: /袁欣悦/ })).toContainText('培训')
  await inspect(admin, 'desk-absences')

  const deputy = await desk('曹雨晴')
  await expect(deputy.getByText('代 袁欣悦 值岗').first()).toBeVisible()
  const promoted = await desk('陆晓')
  await expect(promoted.getByRole('link', { name: '一窗受理' })).toBeVisible()
})
