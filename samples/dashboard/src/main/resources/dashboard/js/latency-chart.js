import { span } from './format.js'

const POWERS = [0.001, 0.01, 0.1, 1, 10, 100, 1000, 10_000]

/** By powers of ten: an idle connection takes microseconds, a wait seconds. */
export const latencyChart = {
  id: 'latency-chart',
  type: 'line',
  y: {
    type: 'logarithmic',
    min: 0.001,
    max: 10_000,
    afterBuildTicks: (axis) => { axis.ticks = POWERS.map((value) => ({ value })) },
    ticks: { autoSkip: false, callback: span },
  },

  series({ all }) {
    const line = (name) => ({ name, colour: name, points: all.map((sample) => ({ at: sample.at, y: sample[name] })) })
    return [line('p50'), line('p99')]
  },

  words({ all, last }) {
    const worst = Math.max(...all.map((sample) => sample.p99 ?? 0))
    if (last.p50 === null) return `Now nobody gets a connection; in the last minute one borrow in a hundred took ${span(worst)} at worst.`
    return `Now half of all borrows take up to ${span(last.p50)}, one in a hundred more than ${span(last.p99)}; ` +
      `at worst ${span(worst)} in the last minute.`
  },
}
