// Where the keyboard goes when the button that it pressed leaves the page: after *Remove* to the next line's, or the one
// before; after everything else that takes itself away, and after the last line, to the page's heading.
const GOES_AWAY = "[class*='st-key-remove-'] button, .st-key-undo button, .st-key-clear-cart-yes button"
const PATIENCE_MS = 10_000

function focusHeading() {
  const heading = document.querySelector("[data-testid=stMain] h1")
  heading?.setAttribute("tabindex", "-1")
  heading?.focus()
}

function keepFocus({ target }) {
  const pressed = target.closest?.(GOES_AWAY)
  if (!pressed) return
  const removing = () => [...document.querySelectorAll("[class*='st-key-remove-'] button")]
  const place = removing().indexOf(pressed)
  const key = [...pressed.closest("[class*='st-key-']").classList].find((name) => name.startsWith("st-key-"))
  const gone = new MutationObserver(() => {
    if (document.getElementsByClassName(key).length) return  // Streamlit may draw the button anew before it goes
    gone.disconnect()
    if (![null, document.body].includes(document.activeElement)) return
    const left = place < 0 ? [] : removing()
    if (left.length) left[Math.min(place, left.length - 1)].focus()
    else focusHeading()
  })
  gone.observe(document, { childList: true, subtree: true })
  setTimeout(() => gone.disconnect(), PATIENCE_MS)
}

document.addEventListener("click", keepFocus, true)
