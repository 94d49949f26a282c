// The faces of all cards arrive as one element, unseen. Each belongs above its own button, in one box with it, for who
// looks, reads or tabs through the page. Streamlit knows nothing of what stands inside its HTML, so that may be moved; it
// is seen to whenever the page changes, which is before the change is painted.
const facesOf = new WeakMap()

function skuOf(box) {
  for (const name of box.classList) if (name.startsWith("st-key-add-")) return name.slice("st-key-add-".length)
  return box.querySelector(".choose")?.dataset.sku
}

function placeFaces() {
  const together = document.querySelector(".st-key-cards .faces")
  if (!together) return
  if (!facesOf.has(together)) facesOf.set(together, new Map([...together.children].map((face) => [face.dataset.sku, face])))
  for (const box of together.closest(".st-key-cards").children) {
    if (box.contains(together)) continue
    const sku = skuOf(box), face = facesOf.get(together).get(sku), there = box.querySelector(":scope > .card")
    if (there && (face ? there !== face : there.dataset.sku !== sku)) there.remove()
    if (face && face.parentElement !== box) box.prepend(face)
  }
}

new MutationObserver(placeFaces).observe(document, {
  childList: true, subtree: true, attributes: true, attributeFilter: ["class"],
})
