// The page in a browser: what it shows, and what went wrong in it.
'use strict'
const { chromium } = require('playwright-core')

class Page {
  constructor(browser, page) {
    this.browser = browser
    this.page = page
    this.faults = []
    page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) this.faults.push(`console: ${message.text()}`) })
    page.on('pageerror', (error) => this.faults.push(`error: ${error.message}`))
    page.on('requestfailed', (request) => this.faults.push(`failed: ${request.url()}`))
    page.on('response', (response) => { if (response.status() >= 400) this.faults.push(`${response.status()}: ${response.url()}`) })
    page.on('request', (request) => { if (!request.url().startsWith(this.origin)) this.faults.push(`elsewhere: ${request.url()}`) })
  }

  static async open(url) {
    const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] })
    const page = new Page(browser, await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' }))
    page.page.setDefaultTimeout(15_000)
    page.origin = url
    await page.page.goto(url)
    await page.until('the page is connected', () => document.documentElement.dataset.feed === 'on')
    return page
  }

  async press(name) {
    await this.page.getByRole('button', { name, exact: true }).click()
  }

  /** Waits until `holds` is true in the page. */
  async until(what, holds, argument) {
    try {
      await this.page.waitForFunction(holds, argument, { polling: 50 })
    } catch (error) {
      const shown = await this.page.locator('body').innerText()
      throw new Error(`not so: ${what}\n${error.message}\n${shown}\n${this.faults.join('\n')}`)
    }
  }

  /** Waits until the element of this id reads so. */
  async untilText(id, text) {
    await this.until(`${id} reads "${text}"`, ([id, text]) => document.getElementById(id).textContent === text, [id, text])
  }

  /** Waits until the number of this name is as `compare` says. */
  async untilNumber(name, compare, than) {
    await this.until(`${name} ${compare} ${than}`, ([name, compare, than]) => {
      const number = Number(document.getElementById(`n-${name}`).textContent)
      return compare === '>' ? number > than : number === than
    }, [name, compare, than])
  }

  /** Waits until a connection has gone for this reason, as its chart has it. */
  async untilGone(reason) {
    await this.until(`a connection has gone: ${reason}`, (reason) => {
      const legend = [...document.querySelectorAll('#evictions-chart .legend li')]
      return legend.some((item) => item.textContent === reason)
    }, reason)
  }

  /** The pixels of all charts. */
  pictures() {
    return this.page.evaluate(() => [...document.querySelectorAll('canvas')].map((canvas) => canvas.toDataURL()))
  }

  close() {
    return this.browser.close()
  }
}

module.exports = { Page }
