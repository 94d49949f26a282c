// Where the keyboard goes when what it was at leaves the page. If Streamlit only draws it anew: to the new one. After
// *Remove* and *Save for later*: to the next line's, or the one before. After everything else that takes itself away, and after the last line:
// to the page's heading, and so after a link that leaves the page. Where a step of the checkout, or of a withdrawal, has opened another one:
// to that one's heading; where it stays because something is wrong in it: to the first field with a problem.
const ALIKE = ["[class*='st-key-remove-'] button", "[class*='st-key-move-'] button", "[class*='st-key-delete-'] button"]
const GOES_AWAY = [...ALIKE, ".st-key-undo button", ".st-key-clear-cart-yes button", ".st-key-checkout-place button", "[class*='st-key-withdraw-yes-'] button", "[data-testid=stMain] [data-testid=stPageLink] a", ".onward a"].join()
const OPENS_STEP = ".st-key-checkout-continue button, .done-step a, .st-key-withdraw-continue button"
const STEP = ":is([class*='st-key-checkout-step-'], [class*='st-key-withdraw-step-'])"
let place, step, tries

const alike = (kind) => [...document.querySelectorAll(kind)]

function focusHeading(heading = document.querySelector("[data-testid=stMain] h1")) {
  heading?.setAttribute("tabindex", "-1")
  heading?.focus()
}

const nameOfStep = () => document.querySelector(STEP)?.className

// The field that a problem stands below.
const fieldOf = (problem) => problem.closest(".stElementContainer").previousElementSibling?.querySelector("input")

function showProblem() {
  for (const problem of document.querySelectorAll(`${STEP} .problem`)) {
    const field = fieldOf(problem)
    if (tries) field?.focus()
    tries &&= !field
  }
}

function followStep() {
  const heading = step && nameOfStep() !== step && document.querySelector(`${STEP} h2`)
  if (!heading) return
  step = place = tries = undefined
  focusHeading(heading)
}

function notePlace(element) {
  const widget = element.closest(".stElementContainer[class*='st-key-']:not(.st-key-live)")
  const key = widget && [...widget.classList].find((name) => name.startsWith("st-key-"))
  const kind = ALIKE.find((one) => element.matches(one))
  const goesAway = element.matches(GOES_AWAY)
  place = (key || goesAway) && { element, key, kind, line: kind && alike(kind).indexOf(element), goesAway }
}

function keepPlace() {
  if (!place || place.element.isConnected || ![null, document.body].includes(document.activeElement)) return
  const { element, key, kind, line, goesAway } = place
  const anew = key && document.getElementsByClassName(key)[0]
  const left = kind ? alike(kind) : []
  if (anew) anew.querySelector(element.tagName)?.focus()
  else if (left.length) left[Math.min(line, left.length - 1)].focus()
  else if (goesAway) focusHeading()
  else place = undefined
}

document.addEventListener("focusin", ({ target }) => notePlace(target))
document.addEventListener("focusout", ({ target }) => {
  setTimeout(() => { if (place?.element === target && target.isConnected) place = undefined })  // the shopper has left it
})
document.addEventListener("click", ({ target }) => {
  const pressed = target.closest?.(GOES_AWAY)
  if (pressed) notePlace(pressed)
  if (target.closest?.(OPENS_STEP)) [step, tries] = [nameOfStep(), true]
}, true)
new MutationObserver(() => { followStep(); showProblem(); keepPlace() }).observe(document, { childList: true, subtree: true })
