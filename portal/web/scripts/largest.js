// "Check this computer": sends a file as large as the portal takes, made here of nothing, and, if
// that is stopped on its way, smaller ones, so that the page can say how large a file gets through.

import { tell } from './check.js'

const MEGABYTE = 1024 * 1024
const PIECE = 65536 // bytes of chance, repeated: more than that is not to be had at once
const BUSY = [429, 503]

function megabytes (bytes) {
  return Math.floor(bytes / MEGABYTE)
}

/** A file of so many bytes that is about nothing. */
function made (size) {
  const piece = crypto.getRandomValues(new Uint8Array(PIECE))
  const pieces = Array(Math.ceil(size / PIECE)).fill(piece)
  return new Blob(pieces).slice(0, size, 'application/pdf')
}

/** Send it; the answer's status, and whether all of it came. */
function send (form, size, told) {
  return new Promise(resolve => {
    const body = new FormData()
    body.set('csrf_token', form.elements.csrf_token.value)
    body.set('file', made(size), 'size-only.pdf')
    const request = new XMLHttpRequest()
    request.open('POST', form.action)
    request.setRequestHeader('Accept', 'application/json')
    request.responseType = 'json'
    request.upload.addEventListener('progress', event => told(event.loaded))
    request.addEventListener('loadend', () => {
      // Whoever stops a file may answer with a page of their own, and say that all is well.
      resolve({ status: request.status, came: request.status === 200 && request.response?.came === size })
    })
    request.send(body)
  })
}

/** The largest size that came through, of those that were tried; null where the portal is busy. */
async function largest (form, limit, told) {
  const sizes = [limit, Math.floor(limit / 4), Math.floor(limit / 16)]
  const stopped = []
  for (const size of sizes) {
    let answer = await send(form, size, loaded => told(size, loaded))
    if (!answer.came && stopped.length === 0) {
      // The portal itself may have refused it, unread, which a browser cannot tell from a filter.
      const small = await send(form, 1, () => {})
      if (BUSY.includes(small.status) || BUSY.includes(answer.status)) return null
      answer = await send(form, size, loaded => told(size, loaded))
    }
    if (BUSY.includes(answer.status)) return null
    if (answer.came) return { through: size, stopped }
    stopped.push(size)
  }
  return { through: 0, stopped }
}

function show (status, text, loaded, size) {
  status.hidden = false
  status.replaceChildren(document.createTextNode(text))
  const bar = document.createElement('progress')
  bar.className = 'portal-progress'
  bar.setAttribute('aria-label', text)
  bar.max = size
  bar.value = loaded
  status.append(bar)
}

/** Let the largest size be tried with one press. */
export function offerLargest (document) {
  const button = document.querySelector('[data-check-largest]')
  if (!button) return
  const { form } = button
  const status = form.querySelector('[data-check-largest-status]')
  const all = document.querySelector('[data-check-all]')
  button.hidden = false
  button.addEventListener('click', async () => {
    button.disabled = true
    const { checkLimit, checkSending, checkBusy, checkNone } = button.dataset
    const found = await largest(form, Number(checkLimit), (size, loaded) => {
      show(status, checkSending.replace('[size]', megabytes(size)), Math.min(loaded, size), size)
    })
    button.disabled = false
    status.hidden = false
    if (found === null) {
      status.textContent = checkBusy
      return
    }
    const { through, stopped } = found
    tell(all, 'sent', stopped.length === 0, text => (through ? text : checkNone)
      .replace('[size]', megabytes(stopped.at(-1) ?? through)).replace('[through]', megabytes(through)))
    status.textContent = all.querySelector('[data-check="sent"]').lastElementChild.textContent
  })
}
