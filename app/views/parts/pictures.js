// A picture that does not come has a placeholder (style.css) in place of the browser's broken-image sign. Its alternative
// text stays for screen readers. The events do not bubble, so they are heard on their way down.
// That of a card may have failed before the card was in the page (cards.js).
const markMissing = (picture) => picture.classList.toggle("missing", picture.complete && !picture.naturalWidth)

document.addEventListener("error", ({ target }) => { if (target.tagName === "IMG") target.classList.add("missing") }, true)
document.addEventListener("load", ({ target }) => { if (target.tagName === "IMG") target.classList.remove("missing") }, true)
