// What a designer would object to in a drawn board, read from the page; each fault names its panel.

/** Of two colours as far apart as Grafana's two yellows, nobody can tell which is which. */
const LEAST_DISTANCE = 48

/** What has been written on canvases, where graphs have their axes. */
const written = new Map()
const { fillText } = CanvasRenderingContext2D.prototype
CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
  if (!written.has(this.canvas)) written.set(this.canvas, new Set())
  written.get(this.canvas).add(text)
  return fillText.call(this, text, ...place)
}

export function faults() {
  const { scrollWidth, clientWidth } = document.documentElement
  return [
    ...(scrollWidth > clientWidth ? [`the board is ${scrollWidth} pixels wide`] : []),
    ...[...document.querySelectorAll('[data-panel]')].flatMap((panel) =>
      [error, cutTexts, coveredTexts, alikeColours, axis].flatMap((judge) =>
        judge(panel).map((fault) => `${panel.dataset.title}: ${fault}`),
      ),
    ),
    ...unevenNumbers(),
  ]
}

/** Titles of panels that say why they show nothing. */
export function empty() {
  return [...document.querySelectorAll('[data-message="nothing"]')].map(
    (message) => message.closest('[data-panel]').dataset.title,
  )
}

function error(panel) {
  const message = panel.querySelector('[data-message="error"]')
  if (message !== null) return [message.textContent]
  return /No data|NaN|undefined/.test(panel.textContent) ? [panel.textContent] : []
}

/** Texts of which a part is hidden. The rows of a table may be scrolled. */
function cutTexts(panel) {
  const rows = panel.dataset.type === 'table'
  return textsOf(panel).flatMap(({ text, box, parent }) => {
    for (let around = parent; around !== panel.parentElement; around = around.parentElement) {
      if (getComputedStyle(around).overflowX === 'visible') continue
      const edge = around.getBoundingClientRect()
      const wide = box.left < edge.left - 1 || box.right > edge.right + 1
      const high = !rows && (box.top < edge.top - 1 || box.bottom > edge.bottom + 1)
      if (wide || high) return [`"${text}" is cut off`]
    }
    return []
  })
}

/** Legends and the like over the plot. */
function coveredTexts(panel) {
  const plot = panel.querySelector('.u-over')?.getBoundingClientRect()
  if (plot === undefined) return []
  return textsOf(panel)
    .filter(
      ({ box }) => box.left < plot.right && box.right > plot.left && box.top < plot.bottom && box.bottom > plot.top,
    )
    .map(({ text }) => `"${text}" covers the graph`)
}

function alikeColours(panel) {
  const icons = [...panel.querySelectorAll('[data-testid="series-icon"]')]
  const colours = icons.map((icon) =>
    getComputedStyle(icon)
      .backgroundColor.match(/[\d.]+/g)
      .slice(0, 3)
      .map(Number),
  )
  return colours.flatMap((one, n) =>
    colours.slice(0, n).flatMap((other, m) => {
      const distance = Math.hypot(...one.map((part, i) => part - other[i]))
      return distance < LEAST_DISTANCE ? [`the series ${m + 1} and ${n + 1} have almost the same colour`] : []
    }),
  )
}

/** A graph has an axis with values, and that of nothing but zeros does not go up to 100. */
function axis(panel) {
  const canvas = panel.querySelector('.u-wrap canvas')
  if (canvas === null) return []
  const labels = [...(written.get(canvas) ?? [])].filter((text) => !/\d[:/]\d/.test(text))
  if (labels.length < 2) return [`the axis has the values ${labels.join(', ')}`]
  const zeros = panel.querySelector('[data-zeros="true"]') !== null
  const most = Math.max(...labels.map((text) => Number.parseFloat(text.replace(/[^\d.]/g, ''))))
  return zeros && most > 10 ? [`all is 0, and the axis has the values ${labels.join(', ')}`] : []
}

/** The numbers in a line of stats have one size. */
function unevenNumbers() {
  const lines = Map.groupBy(
    document.querySelectorAll('[data-type="stat"]'),
    (panel) => panel.getBoundingClientRect().top,
  )
  return [...lines.values()].flatMap((panels) => {
    const sizes = panels.map((panel) =>
      Math.max(...textsOf(panel).map(({ parent }) => parseFloat(getComputedStyle(parent).fontSize))),
    )
    return new Set(sizes).size === 1
      ? []
      : [`the numbers of ${panels.map(({ dataset }) => dataset.title)} have sizes ${sizes}`]
  })
}

function textsOf(panel) {
  const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT)
  const texts = []
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const range = document.createRange()
    range.selectNodeContents(node)
    const box = range.getBoundingClientRect()
    if (node.data.trim() !== '' && box.width > 0) texts.push({ text: node.data, box, parent: node.parentElement })
  }
  return texts
}
