import { span, sum } from './format.js'
import { setText } from './text.js'

const find = (name) => document.getElementById(`n-${name}`)

export function showNumbers(history) {
  const last = history.last
  if (!last) return
  for (const name of ['leased', 'idle', 'connecting', 'waiting']) setText(find(name), last[name])
  setText(find('p50'), span(last.p50))
  setText(find('p99'), span(last.p99))
  const second = history.recent(1000)
  setText(find('replies'), sum(second, (sample) => sample.replies))
  setText(find('failures'), sum(second, (sample) => sample.failures))
}
