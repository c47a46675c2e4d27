import { offerCommands, showControls } from './buttons.js'
import { showCharts } from './charts.js'
import { showFailure } from './failure.js'
import { follow } from './feed.js'
import { history } from './history.js'
import { clearLog, showEvents } from './log.js'
import { showNumbers } from './numbers.js'
import { showSettings } from './settings.js'
import { showSummary } from './summary.js'
import { showRows } from './table.js'
import { offerThemes } from './theme.js'

const freeze = document.getElementById('freeze')
const isFrozen = () => freeze.getAttribute('aria-pressed') === 'true'

/** What came while the display was frozen: the newest is enough, but for events, all of which count. */
let held = null

function show(update) {
  showNumbers(history)
  showRows(update.connections)
  showFailure(update.lastFailure)
  showSettings(update.settings, update.controls.credentials)
  showEvents(update.events)
  showCharts(history)
  showSummary(history)
}

freeze.addEventListener('click', () => {
  freeze.setAttribute('aria-pressed', String(!isFrozen()))
  if (!isFrozen() && held) show(held)
  held = null
})

offerThemes(() => showCharts(history, true))
offerCommands()
follow({
  opened() {
    history.clear()
    held = null
    clearLog()
  },
  updated(update) {
    history.add(update.samples)
    showControls(update.controls)
    if (isFrozen()) held = { ...update, events: [...(held?.events ?? []), ...update.events] }
    else show(update)
  },
})
