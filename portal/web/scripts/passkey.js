// Forms that a passkey answers: the browser is asked what `data-options` says, and its answer goes
// into the form's hidden fields. What the pseudo-random function gives travels in a field of its own
// and never in the answer. Without this script such forms stay hidden, or say what to use instead.

const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0))

const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

const named = list => (list ?? []).map(each => ({ ...each, id: bytes(each.id) }))

function asked (json) {
  const options = { ...json, challenge: bytes(json.challenge) }
  if (json.user) options.user = { ...json.user, id: bytes(json.user.id) }
  if (json.excludeCredentials) options.excludeCredentials = named(json.excludeCredentials)
  if (json.allowCredentials) options.allowCredentials = named(json.allowCredentials)
  options.extensions = { prf: { eval: { first: bytes(json.extensions.prf.eval.first) } } }
  return options
}

function answer (credential) {
  const response = { clientDataJSON: text(credential.response.clientDataJSON) }
  for (const part of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (credential.response[part]) response[part] = text(credential.response[part])
  }
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response }
}

async function press (form) {
  const publicKey = asked(JSON.parse(form.dataset.options))
  const credential = await navigator.credentials[form.dataset.passkey]({ publicKey })
  const given = credential.getClientExtensionResults().prf?.results?.first
  form.elements.answer.value = JSON.stringify(answer(credential))
  if (form.elements.prf) form.elements.prf.value = given ? text(given) : ''
  bringShared(form)
}

/** Whether others use this computer, as the other form of the page has it. */
function bringShared (form) {
  const asked = document.querySelector('input[type="checkbox"][name="shared"]')
  if (asked && asked.form !== form && form.elements.shared) {
    form.elements.shared.value = asked.checked ? 'y' : ''
  }
}

/** A touch in place of the code of a form: it confirms what this very page shows. */
function offerInstead (offer) {
  const form = offer.closest('form')
  const failed = offer.querySelector('[data-passkey-failed]')
  offer.hidden = false
  form.addEventListener('submit', () => { form.elements.passkey.value = '' })
  offer.querySelector('button').addEventListener('click', () => {
    failed.hidden = true
    navigator.credentials.get({ publicKey: asked(JSON.parse(offer.dataset.passkeyAct)) }).then(credential => {
      form.elements.passkey.value = JSON.stringify(answer(credential))
      form.submit()
    }, () => { failed.hidden = false })
  })
}

/** Let the forms with `data-passkey` be answered by a passkey, where the browser knows them. */
export function offerPasskeys (document) {
  if (typeof PublicKeyCredential === 'undefined') return
  document.querySelectorAll('[data-passkey-act]').forEach(offerInstead)
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    form.closest('[data-passkey-offer]')?.removeAttribute('hidden')
    form.addEventListener('submit', event => {
      if (form.elements.answer.value) return
      event.preventDefault()
      const failed = form.querySelector('[data-passkey-failed]')
      if (failed) failed.hidden = true
      press(form).then(() => form.submit(), () => { if (failed) failed.hidden = false })
    })
  }
}
