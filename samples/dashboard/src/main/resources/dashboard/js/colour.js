/** A canvas knows no custom properties: this is what the browser makes of one, in the scheme that is on. */
const probe = document.createElement('i')
probe.hidden = true
document.body.append(probe)

export function colour(token) {
  probe.style.color = `var(--${token})`
  return getComputedStyle(probe).color
}
