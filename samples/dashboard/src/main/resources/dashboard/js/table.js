import { age, span, words } from './format.js'
import { make, setText } from './text.js'

const body = document.getElementById('rows')
const caption = document.getElementById('caption')

/** Rows by the connection's id: they stay what they are while it lives, so that nothing jumps. */
const rows = new Map()

export function showRows(connections) {
  const ids = new Set(connections.map((connection) => connection.id))
  for (const [id, row] of rows) {
    if (ids.has(id)) continue
    row.remove()
    rows.delete(id)
  }
  for (const connection of connections) show(connection)
  setText(caption, connections.length === 0 ? 'The pool has no connection now' : 'Each connection of the pool, the oldest first')
}

function show(connection) {
  let row = rows.get(connection.id)
  if (!row) {
    row = newRow(connection.id)
    rows.set(connection.id, row)
    body.append(row)
  }
  row.dataset.state = connection.state
  const [state, held, old, uses, roundTrip] = row.querySelectorAll('[data-cell]')
  setText(state, words(connection.state))
  setText(held, age(connection.held))
  setText(old, age(connection.age))
  setText(uses, connection.uses)
  setText(roundTrip, span(connection.roundTrip))
}

function newRow(id) {
  const number = () => make('td', { class: 'number', 'data-cell': '' })
  const state = make('span', { class: 'state' }, make('i', { class: 'swatch' }), make('span', { 'data-cell': '' }))
  return make('tr', {}, make('th', { scope: 'row' }, id), make('td', {}, state), number(), number(), number(), number())
}
