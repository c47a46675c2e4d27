import { counted, span } from './format.js'
import { setText } from './text.js'

/** Read out by a screen reader, politely: so it is not to change often. */
const INTERVAL = 30_000

const summary = document.getElementById('summary')
let next = 0

export function showSummary(history) {
  const last = history.last
  if (!last || last.at < next) return
  next = last.at + INTERVAL
  const latency = last.p50 === null ? 'nobody got a connection' : `a borrow takes ${span(last.p50)}, one in a hundred ${span(last.p99)}`
  setText(summary, `${last.leased} leased, ${last.idle} idle, ${counted(last.waiting, 'caller')} waiting; ${latency}.`)
}
