import { connectionsChart } from './connections-chart.js'
import { dialsChart } from './dials-chart.js'
import { evictionsChart } from './evictions-chart.js'
import { latencyChart } from './latency-chart.js'
import { Plot } from './plot.js'

/** How often charts are drawn where little is to move, and how often what they show is put in words. In milliseconds. */
const CALM = 2000
const WORDS = 5000

const prefersCalm = matchMedia('(prefers-reduced-motion: reduce)')
const plots = [connectionsChart, latencyChart, dialsChart, evictionsChart].map((chart) => new Plot(chart))
let drawn = 0
let told = 0

/** Draws what is new; `isRecoloured` where all colours are others. */
export function showCharts(history, isRecoloured = false) {
  const now = history.last?.at
  if (now === undefined || document.hidden) return
  if (!isRecoloured && prefersCalm.matches && now >= drawn && now - drawn < CALM) return
  drawn = now
  for (const plot of plots) plot.draw(history, isRecoloured)
  if (now >= told && now - told < WORDS) return
  told = now
  for (const plot of plots) plot.tell(history)
}
