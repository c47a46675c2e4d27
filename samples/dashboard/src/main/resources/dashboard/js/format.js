/** Milliseconds as a reader likes them: 42 µs, 1.2 ms, 310 ms, 2.1 s. */
export function span(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return '–'
  if (milliseconds < 1) return `${Math.round(milliseconds * 1000)} µs`
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0)} s`
}

/** An age: 40 ms, 2.4 s, 12 s, 1 min 40 s. */
export function age(milliseconds) {
  const seconds = milliseconds / 1000
  if (seconds < 1) return `${milliseconds} ms`
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 60) return `${Math.floor(seconds)} s`
  return `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`
}

export const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false })

/** 1 dial, 2 dials. */
export const counted = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`

export const sum = (items, of) => items.reduce((total, item) => total + of(item), 0)

/** IdleTooLong: idle too long. */
export const words = (name) => name.replace(/\B[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
