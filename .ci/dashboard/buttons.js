// Each button does what it says, as what the page shows then tells.
'use strict'
const { check } = require('./program')

async function changeLoad(page) {
  await page.untilNumber('replies', '>', 0)
  for (const callers of [12, 16, 20, 24]) {
    await page.press('4 callers more')
    await page.untilText('load', `${callers} callers`)
    await page.untilText('outcome', `The load is ${callers} callers.`)
  }
  await page.untilNumber('waiting', '>', 3)
  await page.press('4 callers fewer')
  await page.untilText('load', '20 callers')
}

async function resize(page) {
  await page.press('2 connections more')
  await page.untilText('pool', '10 at most')
  await page.untilText('setting-maxConnections', '10')
  await page.untilNumber('leased', '=', 10)
  for (const most of [8, 6]) {
    await page.press('2 connections fewer')
    await page.untilText('pool', `${most} at most`)
  }
  await page.untilGone('Surplus')
  await page.until('the table has 6 connections', () => document.querySelectorAll('#rows tr').length === 6)
}

async function rotate(page) {
  const before = await page.page.locator('#rows th').allTextContents()
  await page.press('Rotate credentials')
  await page.untilText('setting-credentials', 'number 2')
  await page.until('connections are others', (before) => {
    const now = [...document.querySelectorAll('#rows th')].map((id) => id.textContent)
    return now.length > 0 && !now.some((id) => before.includes(id))
  }, before)
  await page.untilGone('Credentials rotated')
}

async function evict(page) {
  for (const callers of [16, 12, 8, 4, 0]) {
    await page.press('4 callers fewer')
    await page.untilText('load', `${callers} callers`)
  }
  await page.untilNumber('leased', '=', 0)
  await page.untilNumber('idle', '>', 2)
  await page.press('Evict idle')
  await page.untilGone('Evicted')
  await page.untilNumber('idle', '=', 2) // minIdle
  for (const callers of [4, 8]) {
    await page.press('4 callers more')
    await page.untilText('load', `${callers} callers`)
  }
}

async function slow(page) {
  await page.press('Make it slow')
  await page.untilText('upstream', 'slow')
  await page.until('a round trip takes longer', () => [...document.querySelectorAll('#rows td:last-child')]
    .some((cell) => cell.textContent.endsWith('ms') && parseInt(cell.textContent, 10) >= 500))
  await page.press('Make it fast')
  await page.untilText('upstream', 'up')
  await page.untilNumber('replies', '>', 50)
}

async function halfOpen(page) {
  await page.press('Make it half-open')
  await page.untilText('upstream', 'half-open')
  await page.untilGone('Ping timeout')
  await page.press('Heal the network')
  await page.untilText('upstream', 'up')
  await page.untilNumber('replies', '>', 0)
}

async function kill(page) {
  await page.press('Kill it')
  await page.untilText('upstream', 'killed')
  await page.untilGone('Lost')
  await page.untilNumber('failures', '>', 0)
  await page.until('the failure is explained', () => {
    const { textContent } = document.getElementById('failure')
    return /^No connection to pool within 2s: .*refused/.test(textContent)
  })
  await page.press('Bring it back')
  await page.untilText('upstream', 'up')
  await page.untilNumber('replies', '>', 0)
}

async function drain(page) {
  await page.press('Drain')
  await page.untilText('pool', 'closed')
  await page.until('the table is empty', () => document.querySelectorAll('#rows tr').length === 0)
  const rotate = page.page.getByRole('button', { name: 'Rotate credentials' })
  check(await rotate.getAttribute('aria-disabled') === 'true', 'a closed pool has no credentials to rotate')
  await rotate.evaluate((button) => button.click())
  await page.untilText('outcome', 'The pool is closed: it lends no more.')
  await page.press('New pool')
  await page.untilText('pool', '6 at most')
  await page.untilNumber('replies', '>', 0)
  await page.until('the table has connections', () => document.querySelectorAll('#rows tr').length >= 2)
}

async function checkButtons(page) {
  for (const step of [changeLoad, resize, rotate, evict, slow, halfOpen, kill, drain]) {
    const start = Date.now()
    await step(page)
    console.log(`${step.name}: ${Date.now() - start} ms`)
  }
  await page.until('the charts say in words what has happened', () => {
    const text = (id) => document.getElementById(id).textContent
    return /^Now \d+ leased, \d+ idle /.test(text('connections-text')) &&
      /^Now half of all borrows take up to \d/.test(text('latency-text')) &&
      / [1-9]\d* connections opened, [1-9]\d* dials? failed/.test(text('dials-text')) &&
      ['surplus', 'credentials rotated', 'evicted', 'ping timeout', 'lost'].every((reason) => text('evictions-text').includes(reason))
  })
  const names = await page.page.locator('#log span').allTextContents()
  for (const deed of ['The pool drains: it waits for its leases, and closes.', 'There is a new pool.']) {
    check(names.includes(deed), `the log has "${deed}"`)
  }
}

module.exports = { checkButtons }
