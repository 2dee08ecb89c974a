import { claim, fillClaim } from './applications'
import { expect, inspect, test } from './fixtures'

test.use({ viewport: { width: 390, height: 844 }, provokes: [404, 409, 429] })

/** More than the server lets anybody guess. */
const GUESSES_MAX = 60
/** Where the one who guesses sits: nobody else has to wait with him. */
const ELSEWHERE = '203.0.113.7'

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

test('who guesses query codes is told from when on he may try again', async ({ page }) => {
  await page.setExtraHTTPHeaders({ 'X-Forwarded-For': ELSEWHERE })
  await page.goto('/progress')
  await page.getByLabel('办件编号').fill('180100SB084202601010001')
  await page.getByLabel('查询码').fill('AAAAAAAA')
  const guess = async () => {
    const answer = page.waitForResponse('**/progress-queries')
    await page.getByRole('button', { name: '查进度' }).click()
    return (await answer).status()
  }
  for (let guesses = 1; (await guess()) !== 429; guesses += 1) {
    expect(guesses, 'guesses before the address has to wait').toBeLessThan(GUESSES_MAX)
    await expect(page.getByText('没有查到办件')).toBeVisible()
  }
  await expect(page.getByText(/\d{2}:\d{2} 以后可以再试/)).toBeVisible()
  await inspect(page, 'guessed')
})
