import { setText } from './text.js'

const failure = document.getElementById('failure')

/** The pool's own words, which name the cause and the setting. */
export function showFailure(message) {
  if (message) setText(failure, message)
}
