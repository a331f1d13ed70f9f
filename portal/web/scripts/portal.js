// Improves pages that already work without it. Loaded as a module, so only by browsers that can
// run GOV.UK Frontend.

import { initAll } from './govuk-frontend.min.js'
import { watchLock } from './lock.js'
import { watchArea } from './area.js'
import { offerPasskeys } from './passkey.js'
import { checkComputer, offerCopy } from './check.js'
import { offerLargest } from './largest.js'
import { watchReading } from './reading.js'
import { watchUploads } from './upload.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()
watchLock(document)
offerPasskeys(document)
watchArea(document)
watchReading(document)
watchUploads(document)
checkComputer(document)
offerCopy(document)
offerLargest(document)
