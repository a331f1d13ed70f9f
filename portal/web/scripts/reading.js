// On a page of a paper the arrow keys go to the page before and after. Everything else is links.

const TYPED = 'input, textarea, select, [contenteditable]'

/** Whether the arrow keys move the page itself sideways, as they do where it is enlarged. */
function scrollsSideways () {
  const page = document.scrollingElement
  return page !== null && page.scrollWidth > page.clientWidth
}

export function watchReading (root) {
  const place = root.querySelector('[data-reading]')
  if (place === null) return
  root.addEventListener('keydown', (event) => {
    const rel = { ArrowLeft: 'prev', ArrowRight: 'next' }[event.key]
    if (rel === undefined || event.defaultPrevented || event.repeat) return
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    if (event.target instanceof Element && event.target.closest(TYPED)) return
    if (scrollsSideways()) return
    const link = place.querySelector(`a[rel=${rel}]`)
    if (link !== null) link.click()
  })
}
