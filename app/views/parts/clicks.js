// What is clicked counts as it was when it was clicked. Streamlit (1.67) sends a click in a task of its own,
// `setTimeout(…, 0)`, and what is done before that goes along with it: two clicks on one button become one, and a click
// and then a step of the number beside it add the number after the step. A browser that was busy has several clicks
// ready at once. So each waits until the one before it was sent.
{
  const SENT = "[data-testid=stButton] button, [data-testid=stFormSubmitButton] button"
  const SETS = "[data-testid=stNumberInput] button"
  const waiting = []
  let isUnsent = false
  let ours // the button that is clicked for the visitor

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(`${SENT}, ${SETS}`)
    if (!button) return
    if (button !== ours && (isUnsent || waiting.length)) {
      event.preventDefault()
      event.stopImmediatePropagation()
      waiting.push(button)
    } else if (button.matches(SENT)) {
      isUnsent = true
      setTimeout(() => setTimeout(next)) // the inner task comes after Streamlit's
    }
  }, true)

  function next() {
    isUnsent = false
    ours = waiting.shift()
    ours?.click()
    ours = undefined
    if (waiting.length && !isUnsent) setTimeout(next)
  }
}
