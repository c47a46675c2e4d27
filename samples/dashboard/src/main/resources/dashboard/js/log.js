import { clock } from './format.js'
import { make } from './text.js'

const KEPT = 100
const list = document.getElementById('log')

export function clearLog() {
  list.replaceChildren()
}

/** The newest first. */
export function showEvents(events) {
  for (const event of events) {
    const time = make('time', { datetime: new Date(event.at).toISOString() }, clock.format(event.at))
    list.prepend(make('li', { 'data-tone': event.tone }, time, make('span', {}, event.text)))
  }
  while (list.children.length > KEPT) list.lastElementChild.remove()
}
