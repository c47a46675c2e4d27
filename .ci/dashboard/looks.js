// Both colour schemes, wide and on a phone: nothing sticks out, and axe-core finds nothing wrong.
'use strict'
const fs = require('node:fs')
const { check } = require('./program')

const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const ground = () => getComputedStyle(document.body).backgroundColor

async function checkLooks(page) {
  await page.page.evaluate(axe)
  const grounds = new Set()
  for (const colorScheme of ['light', 'dark']) {
    await page.page.emulateMedia({ colorScheme })
    for (const width of [1280, 768, 360]) {
      await page.page.setViewportSize({ width, height: 800 })
      const overflow = await page.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      check(overflow <= 0, `${width} px are enough: ${overflow} px stick out`)
      if (width === 768) continue
      const { violations } = await page.page.evaluate(() => axe.run())
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html}\n${node.failureSummary}`).join('\n')}`)
      check(found.length === 0, `axe-core finds nothing, ${colorScheme}, ${width} px: ${found.join('\n')}`)
    }
    grounds.add(await page.page.evaluate(ground))
  }
  check(grounds.size === 2, 'dark is not light')

  const [light] = grounds
  await page.page.getByLabel('Theme').selectOption('light')
  check(await page.page.evaluate(ground) === light, 'the reader may have it light in a dark system')
  await page.page.getByLabel('Theme').selectOption('')
  await page.page.emulateMedia({ colorScheme: 'light' })
  await page.page.setViewportSize({ width: 1280, height: 900 })
}

module.exports = { checkLooks }
