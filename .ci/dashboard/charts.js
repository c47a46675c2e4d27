// Charts move, and stop where the reader says so.
'use strict'
const { check } = require('./program')

const differences = (a, b) => a.filter((picture, index) => picture !== b[index]).length

/** How often the first chart is another one in a second and a half. */
async function countMoves(page) {
  let moves = 0
  let [last] = await page.pictures()
  for (let look = 0; look < 15; look++) {
    await page.page.waitForTimeout(100)
    const [now] = await page.pictures()
    if (now !== last) moves++
    last = now
  }
  return moves
}

async function checkCharts(page) {
  const before = await page.pictures()
  check(before.length === 4, `there are four charts: ${before.length}`)
  await page.page.waitForTimeout(1_100)
  check(differences(before, await page.pictures()) === 4, 'all charts move')

  await page.press('Freeze the display')
  const frozen = await page.pictures()
  const rows = await page.page.locator('#rows').innerText()
  await page.page.waitForTimeout(1_100)
  check(differences(frozen, await page.pictures()) === 0, 'frozen charts stand still')
  check(rows === await page.page.locator('#rows').innerText(), 'a frozen table stands still')
  await page.press('Freeze the display')
  await page.page.waitForTimeout(1_100)
  check(differences(frozen, await page.pictures()) === 4, 'all charts move again')

  const moves = await countMoves(page)
  await page.page.emulateMedia({ reducedMotion: 'reduce' })
  const calm = await countMoves(page)
  check(calm <= 2 && calm < moves, `charts move less where less is preferred: ${calm} times, not ${moves}`)
  await page.page.emulateMedia({ reducedMotion: null })
}

module.exports = { checkCharts }
