// The trees of the benches: number, sizes and contents of files.

/** @typedef {import('./transcript.js').Shape} Shape */
/** [share of files, size in bytes] in rising order; between them the logarithm is linear. @typedef {[number, number][]} Quantiles */

/** @type {Shape} */
const real = { text: 1, linesOfResponse: [0.28, 0.49, 0.23], toolResults: 0.85, progress: 0.55 }
// Half a million responses in little more than a gigabyte: short texts and few other lines.
/** @type {Shape} */
const terse = { text: 0.2, linesOfResponse: [0.76, 0.2, 0.04], toolResults: 0.5, progress: 0.06 }
/** @type {Quantiles} */
const smallSizes = [
  [0, 300],
  [0.5, 24e3],
  [0.9, 200e3],
  [0.99, 1e6],
  [1, 2.4e6],
]

/**
 * `disputed: false` omits what readers count differently (README, "Where the answers differ").
 * @type {Record<string, { files: number, projects: number, shape: Shape, quantiles: Quantiles, disputed?: boolean }>}
 */
export const profiles = {
  tiny: {
    files: 60,
    projects: 4,
    shape: real,
    quantiles: [
      [0, 300],
      [0.5, 12e3],
      [0.9, 60e3],
      [1, 400e3],
    ],
  },
  small: { files: 200, projects: 6, shape: real, quantiles: smallSizes },
  agreed: { files: 200, projects: 6, shape: real, quantiles: smallSizes, disputed: false },
  1900: {
    files: 1900,
    projects: 40,
    shape: real,
    quantiles: [
      [0, 300],
      [0.5, 105e3],
      [0.9, 600e3],
      [0.99, 5.4e6],
      [0.999, 14e6],
      [1, 42e6],
    ],
  },
  // Like the logs of one heavy user.
  3100: {
    files: 3100,
    projects: 60,
    shape: real,
    quantiles: [
      [0, 300],
      [0.5, 105e3],
      [0.9, 330e3],
      [0.99, 5.4e6],
      [0.999, 14e6],
      [1, 87e6],
    ],
  },
  20000: {
    files: 20_000,
    projects: 100,
    shape: terse,
    quantiles: [
      [0, 300],
      [0.5, 18e3],
      [0.9, 138e3],
      [0.99, 590e3],
      [0.999, 2e6],
      [1, 16e6],
    ],
  },
  single: {
    files: 1,
    projects: 1,
    shape: real,
    quantiles: [
      [0, 2e9],
      [1, 2e9],
    ],
  },
}
