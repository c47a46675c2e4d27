import { counted, sum } from './format.js'

export const dialsChart = {
  id: 'dials-chart',
  type: 'bar',
  y: { stacked: true, min: 0, suggestedMax: 4, ticks: { precision: 0, maxTicksLimit: 5 } },

  series({ seconds }) {
    const bars = (name, text, colour) => ({
      name: text,
      colour,
      points: seconds.map(({ at, samples }) => ({ at, y: sum(samples, (sample) => sample[name]) })),
      stack: 'all',
      fill: true,
    })
    return [bars('opened', 'Opened', 'opened'), bars('failedDials', 'Failed', 'failed')]
  },

  words({ all }) {
    const opened = sum(all, (sample) => sample.opened)
    const failed = sum(all, (sample) => sample.failedDials)
    return `In the last minute ${counted(opened, 'connection')} opened, ${counted(failed, 'dial')} failed.`
  },
}
