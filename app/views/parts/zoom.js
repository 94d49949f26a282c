// The pictures of a product's page are links to the whole picture. It opens over the page, and where the window is upright
// it is as high as that, so it is wider: swipe, or scroll by the arrow keys. A click and Escape close it, and the browser
// gives the focus back to the link.
function enlarge(event) {
  const link = event.target.closest("a.enlarge")
  if (!link || wantsAnotherTab(event)) return
  event.preventDefault()
  const dialog = document.createElement("dialog"), view = document.createElement("div")
  const picture = document.createElement("img"), close = document.createElement("button")
  dialog.className = "enlarged"
  dialog.ariaLabel = picture.alt = link.querySelector("img").alt
  view.tabIndex = 0
  view.role = "group"
  view.ariaLabel = "The picture; arrow keys move it where it is larger than the window"
  close.textContent = "Close"
  picture.onload = () => view.scrollTo((view.scrollWidth - view.clientWidth) / 2, 0)
  picture.src = link.href
  view.append(picture)
  dialog.append(view, close)
  dialog.onclick = () => dialog.close()
  dialog.onclose = () => dialog.remove()
  document.body.append(dialog)
  dialog.showModal()
}

document.addEventListener("click", enlarge)
window.addEventListener("popstate", () => document.querySelector("dialog.enlarged")?.close())
