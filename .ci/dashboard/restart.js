// The program ends and comes back: the page says so, and goes on by itself.
'use strict'
const { Program, check, checkPortTaken } = require('./program')

/** Returns the program that runs now. */
async function checkRestart(page, program) {
  const { port } = new URL(page.origin)
  await checkPortTaken(port)
  // Now, as the browser complains of the gap that follows.
  check(page.faults.length === 0, `nothing went wrong in the page:\n${page.faults.join('\n')}`)
  await program.stop()
  await page.untilText('feed', 'The program does not answer; trying again')
  await page.press('4 callers more')
  await page.untilText('outcome', 'The program does not answer: nothing was done.')
  const next = new Program(port)
  await next.start()
  await page.untilText('feed', 'Connected again: the program was restarted')
  await page.untilText('load', '8 callers')
  await page.untilNumber('replies', '>', 0)
  return next
}

module.exports = { checkRestart }
