// What a page does between the shopper's clicks. This script is in the head of a page that came through our middleware,
// else in the component of live.py. The component calls keepcartLive after every run; `tab` outlives the runs.
const tabs = new WeakMap()

const FORGOTTEN = "forgotten"

function openTab(parent) {
  const channel = new BroadcastChannel("keepcart")
  const tab = { channel, version: undefined, timer: undefined, look: () => {} }
  const shown = () => { if (!document.hidden) tab.look() }
  const restored = (event) => { if (event.persisted) tab.look() }
  channel.onmessage = (event) => {
    if (event.data === FORGOTTEN) location.reload()
    else if (event.data !== tab.version) tab.look()
  }
  document.addEventListener("visibilitychange", shown)
  window.addEventListener("pageshow", restored)
  document.addEventListener("click", followLink)
  document.addEventListener("click", printPage)
  document.addEventListener("focusin", describe)
  window.addEventListener("popstate", returnToPlace)
  tab.close = () => {
    channel.close()
    clearInterval(tab.timer)
    document.removeEventListener("visibilitychange", shown)
    window.removeEventListener("pageshow", restored)
    document.removeEventListener("click", followLink)
    document.removeEventListener("click", printPage)
    document.removeEventListener("focusin", describe)
    window.removeEventListener("popstate", returnToPlace)
    tabs.delete(parent)
  }
  tabs.set(parent, tab)
  return tab
}

// A link of ours inside st.html would load the whole page again. Streamlit follows the browser's history, so a change of
// the history is a page switch, as with Streamlit's own links.
function followLink(event) {
  const link = event.target.closest("a[href^='product?'], a[href^='./?category='], a[data-page], .notice a")
  if (!link || wantsAnotherTab(event)) return
  event.preventDefault()
  places.set(location.href, scroller().scrollTop)
  history.pushState({}, "", link.href)
  window.dispatchEvent(new PopStateEvent("popstate", { state: {} }))
}

function printPage({ target }) {
  if (target.closest?.("[data-print]")) window.print()
}

// Whether a click on a link is for the browser: a new tab or window, or a download.
const wantsAnotherTab = (event) => event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey

// Many buttons have the same name. For screen readers, the description of each is its product.
function describe() {
  for (const button of document.querySelectorAll("[class*='st-key-line-'] :is([class*='st-key-remove-'], [class*='st-key-move-']) button")) {
    button.setAttribute("aria-description", button.closest("[class*='st-key-line-']")?.querySelector("a, del")?.textContent ?? "")
  }
  // Streamlit opens the links of Markdown in a new tab.
  for (const link of document.querySelectorAll("a[target=_blank][href^='product?']")) link.removeAttribute("target")
  for (const button of document.querySelectorAll(".st-key-cards button")) {
    button.setAttribute("aria-description", button.closest("[class*='st-key-add-']")?.querySelector("h2")?.textContent ?? "")
  }
}

const places = new Map()
const scroller = () => document.querySelector("[data-testid=stMain]")

// The shopper is back at a page that she left by one of these links: scroll to where she was, once the page is as long
// as it was then.
function returnToPlace() {
  const place = places.get(location.href)
  if (!place) return
  let tries = 40
  const timer = setInterval(() => {
    const page = scroller()
    if (page.scrollHeight - page.clientHeight >= place) page.scrollTop = place
    if (page.scrollTop === place || !--tries) clearInterval(timer)
  }, 50)
}

// The shop's address: what page_head.py has told the page, else the folder of the page, as for the links in it.
const shop = () => (window.__streamlit?.BACKEND_BASE_URL ?? new URL(".", location.href).href).replace(/[/]+$/, "")

// While something is not saved: ask the server, which knows without asking storage, and ask for a run once storage is
// back. A store that is full has no place for more pages, but this one has its place. Any other answer may be a proxy's.
async function lookForStorage(tab) {
  if (document.hidden) return
  const answer = await fetch(`${shop()}/readyz`).catch(() => undefined)
  const isFull = async () => (await answer.json().catch(() => ({}))).reason === "full"
  if (answer?.status === 200 || (answer?.status === 503 && await isFull())) tab.look()
}

// The server has deleted what was kept. The cookies are left, which no script can delete: ask the server, again and again
// until it answers, for it may be restarting. Then every tab of this browser begins anew, as a stranger's.
async function leave(tab, { token, to }) {
  if (tab.leaves) return
  tab.leaves = true
  const request = { method: "POST", body: new URLSearchParams({ token }) }
  const ask = () => fetch(`${shop()}/forget-me`, request).catch(() => undefined)
  while (!((await ask())?.status < 500)) await new Promise((resume) => setTimeout(resume, 1000))
  forgetPages()
  tab.channel.postMessage(FORGOTTEN)
  if (to) location.replace(`${shop()}/${to}`)
  else location.reload()
}

// Streamlit (1.67) notes light or dark in the browser, by the path of each page that was opened.
function forgetPages() {
  try {
    Object.keys(localStorage).filter((key) => key.startsWith("stActiveTheme-")).forEach((key) => localStorage.removeItem(key))
  } catch { /* a browser that keeps nothing has nothing to forget */ }
}

// What the server says stands in the hidden element of live.py. The component hears it, once it is there itself.
const listening = { parent: undefined, hear: undefined, heard: undefined }

function listen() {
  const said = document.querySelector(".said")?.dataset.said
  if (said === undefined || said === listening.heard || !listening.hear) return
  listening.heard = said
  listening.hear(JSON.parse(said))
}

new MutationObserver(listen).observe(document, { childList: true, subtree: true })

function keepcartLive({ parentElement, setTriggerValue }) {
  const tab = tabs.get(parentElement) ?? openTab(parentElement)
  tab.look = () => setTriggerValue("look", Date.now())
  const hear = ({ version, saved, leave: going, notice }) => {
    if (tab.version !== undefined && tab.version !== version) tab.channel.postMessage(version)
    tab.version = version
    showNotice(parentElement.querySelector(".notice"), notice, (name) => setTriggerValue("undo", name))
    if (going) leave(tab, going)
    clearInterval(tab.timer)
    connection.isSaved = saved
    tab.timer = saved ? undefined : setInterval(() => lookForStorage(tab), 2000)
  }
  Object.assign(listening, { parent: parentElement, hear, heard: undefined })
  listen()
  describe()
  return () => {
    if (listening.parent === parentElement) Object.assign(listening, { parent: undefined, hear: undefined })
    tab.close()
  }
}
