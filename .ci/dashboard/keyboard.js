// All that can be done with a mouse can be done with a keyboard, and one sees where one is.
'use strict'
const { check } = require('./program')

async function focused(page) {
  return page.page.evaluate(() => {
    const element = document.activeElement
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    const name = element.id || element.dataset.command || element.className || element.tagName
    return { name, isSeen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 }
  })
}

async function checkKeyboard(page) {
  await page.page.reload()
  await page.until('the page is connected', () => document.documentElement.dataset.feed === 'on')
  const reached = []
  for (let step = 0; step < 40; step++) {
    await page.page.keyboard.press('Tab')
    const { name, isSeen } = await focused(page)
    if (name === 'BODY') break
    check(isSeen, `the focus is to be seen on ${name}`)
    reached.push(name)
  }
  check(reached[0] === 'skip', `the first stop is the skip link: ${reached[0]}`)
  const wanted = await page.page.evaluate(() => [...document.querySelectorAll('button, select, .scroll')]
    .map((element) => element.id || element.dataset.command || element.className))
  check(wanted.length === 14 && wanted.every((name) => reached.includes(name)), `the keyboard reaches ${wanted}: ${reached}`)
  check(new Set(reached).size === reached.length, `no trap: ${reached}`)

  await page.page.locator('.skip').focus()
  await page.page.keyboard.press('Enter')
  check((await focused(page)).name === 'main', 'the skip link leads to the charts')

  const before = await page.page.locator('#load').textContent()
  await page.page.locator('[data-command=load-up]').focus()
  await page.page.keyboard.press('Space')
  await page.until('a key presses a button', (before) => document.getElementById('load').textContent !== before, before)
  check((await focused(page)).name === 'load-up', 'a button that was pressed keeps the focus')
}

module.exports = { checkKeyboard }
