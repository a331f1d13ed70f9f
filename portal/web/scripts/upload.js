// A file chosen in a form marked `data-upload` is weighed before it is sent, and while it is being
// sent the page says so and the button cannot be pressed twice. The browser itself sends the form.

const MEGABYTE = 1000 * 1000
const CHECKING_AFTER = 4000 // milliseconds: most files have come by then, and are being read

/** "2.4 MB", as the texts of the portal write sizes. */
function inMegabytes (bytes) {
  return `${(bytes / MEGABYTE).toFixed(1)} MB`
}

/** The words of a form, which its template has put into the language of the page. */
function words (form, key, values) {
  let text = form.dataset[key] ?? ''
  for (const [name, value] of Object.entries(values)) {
    text = text.replace(`[${name}]`, value)
  }
  return text
}

function chosenFile (form) {
  const input = form.querySelector('input[type=file]')
  return input?.files?.[0] ?? null
}

function show (form, text, busy) {
  const status = form.querySelector('[data-upload-status]')
  status.hidden = false
  status.replaceChildren(document.createTextNode(text))
  if (busy) {
    const bar = document.createElement('progress')
    bar.className = 'portal-progress'
    bar.setAttribute('aria-label', text)
    status.append(bar)
  }
}

function watch (form) {
  const limit = Number(form.dataset.uploadLimit)
  let later
  form.addEventListener('submit', (event) => {
    const file = chosenFile(form)
    if (file === null) return
    const values = { name: file.name, size: inMegabytes(file.size), limit: inMegabytes(limit) }
    if (limit > 0 && file.size > limit) {
      event.preventDefault()
      show(form, words(form, 'uploadTooLarge', values), false)
      return
    }
    show(form, words(form, 'uploadSending', values), true)
    later = setTimeout(() => { show(form, words(form, 'uploadChecking', values), true) }, CHECKING_AFTER)
    for (const button of form.querySelectorAll('button')) button.disabled = true
  })
  // A page taken from the back-forward cache must be usable again.
  window.addEventListener('pageshow', () => {
    clearTimeout(later)
    for (const button of form.querySelectorAll('button')) button.disabled = false
    form.querySelector('[data-upload-status]').hidden = true
  })
}

export function watchUploads (root) {
  for (const form of root.querySelectorAll('form[data-upload]')) watch(form)
}
