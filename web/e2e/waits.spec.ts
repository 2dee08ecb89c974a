import { claim, fillClaim } from './applications'
import { expect, inspect, test } from './fixtures'

test.use({ viewport: { width: 390, height: 844 }, provokes: [404, 409, 429] })

test('who applies twice is led to the case that is open', async ({ page, enter }) => {
  await enter('person-20')
  const id = await claim(page, '13800000022')
  await fillClaim(page, '13800000022')
  await page.getByRole('button', { name: '提交申请' }).click()
  await expect(page.getByText('您已经有一件同样的事在办')).toBeVisible()
  await inspect(page, 'twice')
  await page.getByRole('link', { name: '看那件事' }).click()
  await expect(page).toHaveURL(new RegExp(id))
})

/** Whoever guesses is slowed down by his address, so this stands in the last file. */
test('who guesses query codes is told from when on he may try again', async ({ page }) => {
  await page.goto('/progress')
  await page.getByLabel('办件编号').fill('180100SB084202601010001')
  const late = page.getByText(/以后可以再试/)
  await expect(async () => {
    await page.getByLabel('查询码').fill('AAAAAAAA')
    await page.getByRole('button', { name: '查进度' }).click()
    await expect(late).toBeVisible({ timeout: 500 })
  }).toPass()
  await inspect(page, 'guessed')
})
