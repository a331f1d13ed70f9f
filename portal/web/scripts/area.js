// On a page that is being marked, a place can be drawn on its picture: the four numbers below it are
// filled, and the same button as without this marks it.

const SIDES = ['left', 'top', 'right', 'bottom']

/** Where a pointer is, in per cent of the picture, from 0 to 100. */
function place (event, box) {
  const within = (value) => Math.min(100, Math.max(0, value))
  return [
    within((event.clientX - box.left) / box.width * 100),
    within((event.clientY - box.top) / box.height * 100)
  ]
}

export function watchArea (root) {
  const sheet = root.querySelector('[data-draw-area]')
  const fields = SIDES.map((side) => root.getElementById(side))
  if (sheet === null || fields.includes(null)) return
  const shown = root.createElementNS('http://www.w3.org/2000/svg', 'svg')
  const drawn = root.createElementNS('http://www.w3.org/2000/svg', 'rect')
  shown.setAttribute('class', 'portal-sheet__area')
  shown.setAttribute('viewBox', '0 0 100 100')
  shown.setAttribute('preserveAspectRatio', 'none')
  shown.setAttribute('aria-hidden', 'true')
  shown.append(drawn)
  sheet.append(shown)
  let from = null
  const draw = (event) => {
    if (from === null) return
    const to = place(event, sheet.getBoundingClientRect())
    const [left, right] = [from[0], to[0]].sort((a, b) => a - b)
    const [top, bottom] = [from[1], to[1]].sort((a, b) => a - b)
    drawn.setAttribute('x', left)
    drawn.setAttribute('y', top)
    drawn.setAttribute('width', right - left)
    drawn.setAttribute('height', bottom - top)
    ;[left, top, right, bottom].forEach((side, at) => { fields[at].value = side.toFixed(1) })
  }
  sheet.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return
    event.preventDefault()
    from = place(event, sheet.getBoundingClientRect())
    sheet.setPointerCapture(event.pointerId)
  })
  sheet.addEventListener('pointermove', draw)
  sheet.addEventListener('pointerup', (event) => {
    draw(event)
    from = null
  })
  sheet.addEventListener('pointercancel', () => { from = null })
}
