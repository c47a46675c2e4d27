import { counted } from './format.js'

/** A stack: connections fill what they may, and who waits stands above that line. */
export const connectionsChart = {
  id: 'connections-chart',
  type: 'line',
  y: { stacked: true, min: 0, suggestedMax: 10, ticks: { precision: 0, maxTicksLimit: 6 } },

  series({ all }) {
    const points = (name) => all.map((sample) => ({ at: sample.at, y: sample[name] }))
    const area = (name, text, fill = '-1') => ({ name: text, colour: name, points: points(name), fill, stack: 'all' })
    return [
      area('leased', 'Leased', 'origin'),
      area('idle', 'Idle'),
      area('connecting', 'Connecting'),
      area('waiting', 'Waiting'),
      { name: 'maxConnections', colour: 'limit', points: points('capacity'), dash: true },
    ]
  },

  words({ all, last }) {
    const most = Math.max(...all.map((sample) => sample.waiting))
    return `Now ${last.leased} leased, ${last.idle} idle and ${last.connecting} connecting of at most ${last.capacity}; ` +
      `${counted(last.waiting, 'caller')} waiting, in the last minute ${most} at most.`
  },
}
