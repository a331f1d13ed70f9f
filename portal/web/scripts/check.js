// "Check this computer": what a script can find out by itself, put into the table that the page came
// with and into the note for IT. Without it the page says what was not checked.

const MINUTE = 60000 // milliseconds

/** Put what was found into the row, and into its line of the note. */
export function tell (all, key, good, fill = text => text) {
  const row = all.querySelector(`[data-check="${key}"]`)
  const [name, light, words] = row.children
  const tag = light.querySelector('.govuk-tag')
  tag.className = `govuk-tag ${good ? 'govuk-tag--green' : 'govuk-tag--red'}`
  tag.textContent = good ? all.dataset.works : all.dataset.fails
  words.textContent = fill(good ? row.dataset.works : row.dataset.fails)
  const start = `- ${name.textContent.trim()}: `
  const note = document.querySelector('[data-check-note]')
  note.value = note.value.split('\n').map(line => line.startsWith(start)
    ? `${start}${tag.textContent}. ${words.textContent}`
    : line).join('\n')
  const letter = document.querySelector('[data-check-letter]')
  letter.href = letter.href.split('&body=')[0] + '&body=' + encodeURIComponent(note.value)
}

/** How far this computer's clock is from the portal's, when the page came: milliseconds. */
function apart (all) {
  const [visit] = performance.getEntriesByType('navigation')
  return performance.timeOrigin + (visit?.responseStart ?? 0) - Number(all.dataset.now) * 1000
}

async function unaltered (all) {
  const answer = await fetch(all.dataset.sample, { credentials: 'omit' })
  const digest = await crypto.subtle.digest('SHA-256', await answer.arrayBuffer())
  const found = [...new Uint8Array(digest)].map(each => each.toString(16).padStart(2, '0')).join('')
  return found === all.dataset.digest
}

async function passkeys () {
  if (typeof PublicKeyCredential === 'undefined') return false
  return PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable()
}

/** Run the checks of the page, if it is the one that has them. */
export async function checkComputer (document) {
  const all = document.querySelector('[data-check-all]')
  if (!all) return
  tell(all, 'scripts', true)
  const wrong = apart(all)
  tell(all, 'clock', Math.abs(wrong) <= MINUTE,
    text => text.replace('[minutes]', Math.round(Math.abs(wrong) / MINUTE)))
  const [whole, makes] = await Promise.all(
    [unaltered(all), passkeys()].map(each => each.catch(() => false)))
  tell(all, 'unaltered', whole)
  tell(all, 'passkeys', makes)
  const said = document.querySelector('[data-check-said]')
  said.textContent = said.dataset.words
}

/** Let the note be copied with one press. */
export function offerCopy (document) {
  const button = document.querySelector('[data-check-copy]')
  if (!button || !navigator.clipboard) return
  button.hidden = false
  button.addEventListener('click', () => {
    const note = document.querySelector('[data-check-note]')
    navigator.clipboard.writeText(note.value).then(() => { button.textContent = button.dataset.done },
      () => { note.focus(); note.select() })
  })
}
