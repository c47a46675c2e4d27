import { sum, words } from './format.js'

/** A reason has its colour whatever else there is; those that are seldom share one. */
const COLOURS = {
  Lost: 'lost',
  PingTimeout: 'ping-timeout',
  CredentialsRotated: 'rotated',
  Evicted: 'evicted',
  Surplus: 'surplus',
  IdleTooLong: 'idle-too-long',
  LifetimeReached: 'lifetime',
  Dirty: 'dirty',
}

const reasonsOf = (all) => [...new Set(all.flatMap((sample) => Object.keys(sample.gone)))].sort()
const count = (samples, reason) => sum(samples, (sample) => sample.gone[reason] ?? 0)

export const evictionsChart = {
  id: 'evictions-chart',
  type: 'bar',
  y: { stacked: true, min: 0, suggestedMax: 4, ticks: { precision: 0, maxTicksLimit: 5 } },

  series({ all, seconds }) {
    return reasonsOf(all).map((reason) => ({
      name: words(reason),
      colour: COLOURS[reason] ?? 'other',
      points: seconds.map(({ at, samples }) => ({ at, y: count(samples, reason) })),
      stack: 'all',
      fill: true,
    }))
  },

  words({ all }) {
    const reasons = reasonsOf(all).map((reason) => `${count(all, reason)} ${words(reason).toLowerCase()}`)
    return reasons.length === 0 ? 'No connection has gone in the last minute.' : `In the last minute: ${reasons.join(', ')}.`
  },
}
