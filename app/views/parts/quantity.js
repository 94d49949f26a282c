// A number that a field does not take: Streamlit leaves it there in red, and says why only to a pointer that rests on it.
// The field says beside itself what is possible, and shows again what it held before, which is what the cart has.
const held = new WeakMap()

function noteBefore({ target, inputType }) {
  if (!target.matches?.("[data-testid=stNumberInputField]") || inputType === "insertLineBreak") return  // that is Enter
  if (!held.has(target)) held.set(target, target.value)
  target.closest("[data-testid=stNumberInput]").querySelector(".possible")?.remove()
}

function explain(field) {
  const before = held.get(field), { min, max } = field
  if (before === undefined) return
  const isTooMany = Number(field.value) > Number(max)
  const isLine = field.closest("[class*='st-key-quantity-']")
  const words = document.createElement("p")
  words.className = "possible"
  words.setAttribute("role", "alert")
  words.textContent = (isTooMany ? `At most ${max}` : `At least ${min}`) + `, so it is still ${before}.`
    + (isLine && !isTooMany ? " Remove takes it out." : "")
  const widget = field.closest("[data-testid=stNumberInput]")
  type(field, before)
  widget.querySelector(".possible")?.remove()
  widget.append(words)
}

// Streamlit takes the value as typed, and at Enter as the one that it has already.
function type(field, value) {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, value)
  field.dispatchEvent(new InputEvent("input", { bubbles: true }))
  setTimeout(() => {
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }))
    held.delete(field)
  })
}

document.addEventListener("beforeinput", noteBefore, true)
for (const ends of ["keydown", "focusout"]) {
  document.addEventListener(ends, ({ target, key }) => {
    if (held.has(target) && (key === undefined || key === "Enter")) {
      setTimeout(() => { if (target.ariaInvalid !== "true") held.delete(target) })
    }
  })
}
new MutationObserver((changes) => {
  for (const { target } of changes) if (target.matches("[data-testid=stNumberInputField][aria-invalid=true]")) explain(target)
}).observe(document, { subtree: true, attributeFilter: ["aria-invalid"] })
