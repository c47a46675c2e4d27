import { colour } from './colour.js'
import { make, setText } from './text.js'

const MINUTE = 60

/** What the labels of the y axis may take, in pixels. */
const LABELS = 56

/** What a line may jump over, in seconds. */
const GAP = 1

/**
 * A chart of the last minute in its figure: the plot, a legend, and in words what it shows. It is given
 * `{ id, type, series, y, words }`, where `series(history)` makes `[{ name, colour, points: [{ at, y }], … }]`.
 */
export class Plot {
  constructor(kind) {
    this.kind = kind
    this.figure = document.getElementById(kind.id)
    this.legend = this.figure.querySelector('.legend')
    this.text = this.figure.querySelector('figcaption')
    this.known = ''
  }

  draw(history, isRecoloured) {
    const series = this.kind.series(history)
    const now = history.last.at
    const datasets = series.map((one) => dataset(one, now))
    if (isRecoloured) this.forget()
    this.chart ??= this.make()
    this.chart.data.datasets = merge(this.chart.data.datasets, datasets)
    this.chart.update('none')
    this.explain(series)
  }

  make() {
    const { type } = this.kind
    return new Chart(this.figure.querySelector('canvas'), { type, data: { datasets: [] }, options: options(this.kind) })
  }

  tell(history) {
    setText(this.text, this.kind.words(history))
  }

  /** Chart.js keeps colours that it has seen. */
  forget() {
    this.chart?.destroy()
    this.chart = null
  }

  /** A legend of our own, as text, which follows the page's colours and font. */
  explain(series) {
    const known = series.map((one) => one.name).join()
    if (known === this.known) return
    this.known = known
    const items = series.map((one) => {
      const swatch = make('i', { class: one.dash ? 'swatch line' : 'swatch' })
      swatch.style.color = `var(--${one.colour})`
      return make('li', {}, swatch, one.name)
    })
    this.legend.replaceChildren(...items)
  }
}

function dataset({ name, colour: token, points, dash, fill, stack }, now) {
  const paint = colour(token)
  return {
    label: name,
    data: points.map(({ at, y }) => ({ x: (at - now) / 1000, y })),
    borderColor: paint,
    backgroundColor: paint,
    borderWidth: dash || !fill ? 2 : 0,
    borderDash: dash ? [5, 4] : [],
    fill: fill ?? false,
    stack: stack ?? name,
    pointRadius: 0,
    spanGaps: GAP,
    order: dash ? 0 : 1, // on top of what it bounds
    categoryPercentage: 1,
    barPercentage: 0.75,
  }
}

/** Keeps the datasets of the chart, by name, as Chart.js knows them by identity. */
function merge(old, datasets) {
  return datasets.map((one) => Object.assign(old.find((known) => known.label === one.label) ?? {}, one))
}

const ago = (x) => (x === 0 ? 'now' : `−${-x} s`)

function options(kind) {
  const muted = colour('muted')
  const line = colour('line')
  return {
    animation: false,
    maintainAspectRatio: false,
    events: [],
    normalized: true,
    plugins: { legend: { display: false }, tooltip: { enabled: false } },
    scales: {
      x: {
        type: 'linear',
        min: -MINUTE,
        max: 0,
        offset: false,
        stacked: kind.type === 'bar',
        border: { color: line },
        grid: { drawOnChartArea: false, drawTicks: false },
        ticks: { color: muted, stepSize: 15, padding: 8, maxRotation: 0, align: 'inner', callback: ago },
      },
      y: {
        border: { display: false },
        grid: { drawTicks: false, color: line },
        afterFit: (axis) => { axis.width = LABELS }, // so that the same moment is at the same place in all charts
        ...kind.y,
        ticks: { color: muted, padding: 8, ...kind.y.ticks },
      },
    },
  }
}
