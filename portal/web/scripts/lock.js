// A page that nobody has used for a while hides what it shows: it presses its own Lock button (Sign
// out, where others use the computer), with what was typed, which the portal keeps sealed. Other
// tabs that are used put it off. Without this script the portal locks all the same, at the next step.

const LOOK_EVERY = 5000 // milliseconds; a clock that is looked at, so that a sleeping laptop locks too
const LEFT_OUT = ['password', 'file', 'hidden', 'submit']

function typedInto (form) {
  return [...form.elements].filter(field => field.name && !LEFT_OUT.includes(field.type) &&
    (!['checkbox', 'radio'].includes(field.type) || field.checked))
}

/** What the Back button brings as it was left stays hidden until the portal has said that its page
 * is still open. */
function watchBack (document) {
  addEventListener('pagehide', () => { document.body.hidden = true })
  addEventListener('pageshow', async event => {
    if (!event.persisted) return
    document.body.hidden = true
    try {
      const answer = await fetch(location.href, { redirect: 'manual', cache: 'no-store' })
      if (answer.ok) document.body.hidden = false
      else location.reload()
    } catch {
      location.reload()
    }
  })
}

/** Lock when `data-lock-after` seconds have passed since any tab of the portal was opened. */
export function watchLock (document) {
  const button = document.querySelector('form[data-lock-after]')
  if (!button) return
  watchBack(document)
  if (typeof BroadcastChannel === 'undefined') return
  const wait = Number(button.dataset.lockAfter) * 1000
  let due = Date.now() + wait
  let written = null
  const tabs = new BroadcastChannel('portal-use')
  tabs.addEventListener('message', () => { due = Date.now() + wait })
  tabs.postMessage('used')
  document.addEventListener('input', event => { written = event.target.form ?? written })

  const timer = setInterval(() => {
    if (Date.now() < due) return
    clearInterval(timer)
    document.body.hidden = true
    const next = button.elements.namedItem('next')
    if (next) next.value = location.pathname + location.search
    for (const field of written && written !== button && next ? typedInto(written) : []) {
      const kept = document.createElement('input')
      kept.type = 'hidden'
      kept.name = field.name
      kept.value = field.value
      button.append(kept)
    }
    button.submit()
  }, LOOK_EVERY)
}
