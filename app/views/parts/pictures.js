// A picture that does not come has a placeholder (style.css) in place of the browser's broken-image sign. Its alternative
// text stays for screen readers. The events do not bubble, so they are heard on their way down.
// A picture may have failed before it was in the page.
new MutationObserver((changes) => {
  for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
    for (const picture of node.querySelectorAll?.("img") ?? []) {
      if (picture.complete && picture.getAttribute("src") && !picture.naturalWidth) picture.classList.add("missing")
    }
  }
}).observe(document, { childList: true, subtree: true })

document.addEventListener("error", ({ target }) => { if (target.tagName === "IMG") target.classList.add("missing") }, true)
document.addEventListener("load", ({ target }) => { if (target.tagName === "IMG") target.classList.remove("missing") }, true)
