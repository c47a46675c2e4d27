import { setText } from './text.js'

const outcome = document.getElementById('outcome')
const life = document.getElementById('life')
const find = (id) => document.getElementById(id)

export function offerCommands() {
  for (const button of document.querySelectorAll('[data-command], [data-switch]')) {
    button.addEventListener('click', () => command(button.dataset.command))
  }
}

async function command(name) {
  if (!name) return // before the first update
  try {
    const response = await fetch(`commands/${name}`, { method: 'POST' })
    const { isDone, message } = await response.json()
    tell(isDone, message)
  } catch {
    tell(false, 'The program does not answer: nothing was done.')
  }
}

/** Emptied first, so that the same message is read out a second time. */
function tell(isDone, message) {
  outcome.textContent = ''
  outcome.dataset.done = isDone
  setTimeout(() => { outcome.textContent = message }, 50)
}

/** Buttons name what they would do now. They stay where they are, and in the keyboard's order: one that cannot act says why. */
export function showControls(controls) {
  setText(find('load'), `${controls.load} callers`)
  setText(find('upstream'), upstreamOf(controls))
  setText(find('pool'), controls.pool === 'open' ? `${controls.size} at most` : controls.pool)
  for (const button of document.querySelectorAll('[data-switch]')) {
    const isOn = controls[button.dataset.switch]
    button.dataset.command = isOn ? button.dataset.on : button.dataset.off
    button.dataset.fault = button.dataset.switch === 'isUp' ? !isOn : isOn
    setText(button, isOn ? button.dataset.onLabel : button.dataset.offLabel)
  }
  for (const button of document.querySelectorAll('[data-needs-pool]')) button.setAttribute('aria-disabled', controls.pool !== 'open')
  life.dataset.command = controls.pool === 'closed' ? 'renew' : 'drain'
  setText(life, controls.pool === 'closed' ? 'New pool' : 'Drain')
  life.setAttribute('aria-disabled', controls.pool === 'draining')
}

function upstreamOf({ isUp, isSlow, isHalfOpen }) {
  if (!isUp) return 'killed'
  if (isHalfOpen) return 'half-open'
  return isSlow ? 'slow' : 'up'
}
