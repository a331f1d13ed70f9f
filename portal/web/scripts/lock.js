// A page that nobody has used for a while hides what it shows: it presses its own Lock button (Sign
// out, where others use the computer), with what was typed, which the portal keeps sealed. Other
// tabs that are used put it off, and one that is locked or signed out takes the others along. Without
// this script the portal locks all the same, at the next step.

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

/** A page that is shown once the session is locked or over tells the other tabs: the word alone, which
 * only makes them look. */
function tellTheOthers (document) {
  if (!document.querySelector('[data-screen-closed]') || typeof BroadcastChannel === 'undefined') return
  const tabs = new BroadcastChannel('portal-use')
  tabs.postMessage('closed')
  tabs.close()
}

/** Lock when `data-lock-after` seconds have passed since any tab of the portal was opened, or another
 * tab was locked. */
export function watchLock (document) {
  tellTheOthers(document)
  const button = document.querySelector('form[data-lock-after]')
  if (!button) return
  watchBack(document)
  if (typeof BroadcastChannel === 'undefined') return
  const wait = Number(button.dataset.lockAfter) * 1000
  let due = Date.now() + wait
  let written = null
  const tabs = new BroadcastChannel('portal-use')
  tabs.addEventListener('message', event => {
    if (event.data === 'closed') follow()
    else due = Date.now() + wait
  })
  tabs.postMessage('used')
  document.addEventListener('input', event => { written = event.target.form ?? written })

  const timer = setInterval(() => {
    if (Date.now() >= due) press()
  }, LOOK_EVERY)
  const next = button.elements.namedItem('next')
  const here = location.pathname + location.search
  const typed = () => written && written !== button && next ? typedInto(written) : []

  // Where nothing was typed the portal is only asked: a session that is open still comes back here.
  function follow () {
    if (typed().length > 0) return press()
    clearInterval(timer)
    document.body.hidden = true
    location.replace(`/locked?next=${encodeURIComponent(here)}`)
  }

  function press () {
    clearInterval(timer)
    document.body.hidden = true
    if (next) next.value = here
    for (const field of typed()) {
      const kept = document.createElement('input')
      kept.type = 'hidden'
      kept.name = field.name
      kept.value = field.value
      button.append(kept)
    }
    button.submit()
  }
}
