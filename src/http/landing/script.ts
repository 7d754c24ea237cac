// The script of the page: fetches the page again every few seconds and replaces the parts that changed. It is plain
// JavaScript in a string, because there is no build step for it. The page is complete without it.

/**
 * Does not disturb a reader: nothing changes while text is selected, while the pointer is in the chart, or in a hidden
 * tab. Focus and opened details are outside the replaced parts.
 */
export const script = `
'use strict'
const lost = document.getElementById('lost')
const pause = document.getElementById('pause')
const page = location.origin + location.pathname + location.search
let paused = false
async function refresh() {
  if (paused || document.hidden || !getSelection().isCollapsed) return
  try {
    const response = await fetch(page, { signal: AbortSignal.timeout(10000) })
    if (!response.ok) throw new Error(response.status)
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html')
    const live = (page) => page.querySelectorAll('[data-live]')
    // There is more, or less, to see than before: the first pass is complete.
    if (live(fresh).length !== live(document).length) return location.reload()
    for (const old of live(document)) {
      const next = fresh.getElementById(old.id)
      if (next === null || old.isEqualNode(next) || old.matches('.chart:hover')) continue
      old.replaceChildren(...next.childNodes)
    }
    if (!lost.hidden) lost.hidden = true
  } catch {
    lost.hidden = false
  }
}
pause.hidden = false
pause.addEventListener('click', () => {
  paused = !paused
  pause.textContent = paused ? 'Resume updates' : 'Pause updates'
  refresh()
})
document.addEventListener('visibilitychange', refresh)
setInterval(refresh, 5000)
`
