// The faces of all cards arrive as one hidden element. This script moves each face into the box of its button, so that
// face and button are together on the screen, for screen readers and for the Tab key. Streamlit does not track what is
// inside its HTML, so it may be moved. The observer runs before a change of the page is painted.
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
