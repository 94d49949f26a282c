// The notice: what was done, how to undo it, the way to the cart. While the store is away it says that, and nothing else.
// The live region stays the same element; only its text changes. A dismissed notice does not come back.
const notice = { element: undefined, said: "", told: undefined, trouble: "", before: undefined }

function showNotice(element, told, undo) {
  const { element: known, said } = notice
  const news = JSON.stringify(told)
  Object.assign(notice, { element, undo })
  if (known === element && said === news) return
  Object.assign(notice, { said: news, told })
  if (told.done.length || told.warnings.length) notice.trouble = ""  // the store has just answered
  drawNotice()
}

// Say something that the server cannot say, in place of everything else; nothing: go on.
function showTrouble(words) {
  if (notice.trouble === words) return
  notice.trouble = words
  if (words) forgetNotice()
  else drawNotice()
}

// What was said before is old by now.
function forgetNotice() {
  notice.told = undefined
  drawNotice()
}

// A page that has lost the store before its first run has no notice yet.
function elementForTrouble() {
  document.querySelector("body > .notice")?.remove()
  if (notice.element?.isConnected || !notice.trouble) return notice.element
  const element = document.createElement("div")
  element.className = "notice"
  element.innerHTML = '<div role="status"></div><div class="acts"></div>'
  document.body.append(element)
  return element
}

function drawNotice() {
  const { trouble, told } = notice, element = elementForTrouble()
  if (!element?.isConnected) return
  const { done = [], warnings = [], total = "", undo } = (!trouble && told) || {}
  const sentences = [[trouble, "warn"], ...done.map((text) => [text, ""]), ...warnings.map((text) => [text, "warn"]), [total, "total"]]
  const [undoing, cart, dismissing] = element.querySelectorAll(".acts > *")
  const hadFocus = element.contains(document.activeElement)
  element.firstElementChild.replaceChildren(...sentences.filter(([text]) => text).map(([text, kind]) => {
    const sentence = document.createElement("p")
    sentence.textContent = text
    sentence.className = kind
    return sentence
  }))
  if (!undoing) return
  undoing.hidden = !undo
  undoing.ariaLabel = undo ? `Undo: ${undo.words}` : null
  undoing.onclick = () => {
    undoing.hidden = true
    notice.undo(undo.name)
    returnFocus()
  }
  cart.hidden = !total
  dismissing.hidden = Boolean(trouble)
  dismissing.onclick = dismissNotice
  if (hadFocus && document.activeElement.hidden) returnFocus()
}

function dismissNotice() {
  if (notice.trouble || !notice.element?.querySelector("p")) return
  const hadFocus = notice.element.contains(document.activeElement)
  notice.told = undefined
  drawNotice()
  if (hadFocus) returnFocus()
}

// The focus goes back to where it was before it went into the notice, else to the page's heading.
function returnFocus() {
  if (notice.before?.isConnected) notice.before.focus()
  else focusHeading()
}

document.addEventListener("focusin", ({ target }) => { if (!target.closest(".notice")) notice.before = target })
document.addEventListener("keydown", ({ key }) => { if (key === "Escape") dismissNotice() })
