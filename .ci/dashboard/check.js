// samples/dashboard in a real browser, from its first sample to its restart.
'use strict'
const { checkButtons } = require('./buttons')
const { checkCharts } = require('./charts')
const { checkKeyboard } = require('./keyboard')
const { checkLooks } = require('./looks')
const { Page } = require('./page')
const { Program } = require('./program')
const { checkRestart } = require('./restart')

async function main() {
  let program = new Program(0)
  let page
  try {
    page = await Page.open(await program.start())
    for (const step of [checkButtons, checkCharts, checkKeyboard, checkLooks]) {
      const start = Date.now()
      await step(page)
      console.log(`${step.name}: ${Date.now() - start} ms`)
    }
    program = await checkRestart(page, program)
    await page.close()
    await program.stop()
  } finally {
    await page?.close()
    program.kill()
  }
}

main().then(
  () => console.log('the dashboard works: each button, its charts, by keyboard, in both schemes, on a phone, and after a restart'),
  (failure) => {
    console.error(`FAILED: ${failure.message}`)
    process.exitCode = 1
  },
)
