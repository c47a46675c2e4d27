/** The samples of the last minute. */
const KEPT = 60_000

let samples = []

export const history = {
  clear() {
    samples = []
  },

  add(more) {
    samples = samples.concat(more)
    const since = (this.last?.at ?? 0) - KEPT
    samples = samples.filter((sample) => sample.at >= since)
  },

  get all() {
    return samples
  },

  get last() {
    return samples.at(-1)
  },

  /** The samples of the last `time` milliseconds. */
  recent(time) {
    return samples.filter((sample) => sample.at > this.last.at - time)
  },

  /** Whole seconds, the oldest first: `{ at, samples }`. The one that is not over yet is left out. */
  get seconds() {
    const seconds = Map.groupBy(samples, (sample) => Math.floor(sample.at / 1000))
    return [...seconds].slice(0, -1).map(([second, of]) => ({ at: second * 1000 + 500, samples: of }))
  },
}
