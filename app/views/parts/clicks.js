// Two quick clicks on one button are two. Streamlit (1.67) sends a click in a task of its own, `setTimeout(…, 0)`, and
// what is clicked before that goes along with it as one. A browser that was busy has both clicks ready at once. So a
// click waits until the one before it was sent.
let isUnsent = false

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-testid=stButton] button, [data-testid=stFormSubmitButton] button")
  if (!button) return
  if (isUnsent) {
    event.preventDefault()
    event.stopImmediatePropagation()
    setTimeout(() => button.click())
    return
  }
  isUnsent = true
  setTimeout(() => setTimeout(() => { isUnsent = false })) // the inner task comes after Streamlit's
}, true)
