// The page's side of first_paint.py: it starts Streamlit's script, remembers clicks, does them, takes the paint away.
// It stands before what is painted, so it hears clicks from the first frame on; the rest of the page may still be coming.
{
  const NOTED = "keepcart.acts"
  const KEPT_MS = 60_000 // so long after the last click a reload still does what was clicked
  const LATE_MS = 15_000
  const NEVER_MS = 10_000 // Streamlit has drawn a page, but not what was painted
  const LONGEST_RUN_MS = 10_000
  const LONGEST_DRAWING_MS = 5_000
  const LONGEST_LEAVING_MS = 10_000
  const wait = (ms) => new Promise((resume) => setTimeout(resume, ms))
  const within = (ms, ...promises) => Promise.race([Promise.all(promises), wait(ms)])
  const frame = () => within(100, new Promise((resume) => requestAnimationFrame(resume)))
  const parsed = () => new Promise((resume) => {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", resume, { once: true })
    else resume()
  })
  const here = () => document.getElementById("root")
  const app = () => here().querySelector("[data-testid=stApp]")
  const isIdle = () => app()?.dataset.testScriptState === "notRunning"
  const isConnected = () => app()?.dataset.testConnectionState === "CONNECTED"
  const main = () => here().querySelector("[data-testid=stMain]")
  const widget = (key) => here().querySelector(`.st-key-${CSS.escape(key.trim().replace(/[^a-zA-Z0-9_-]/g, "-"))}`)
  const hasBox = (element) => element.getClientRects().length > 0

  // Streamlit's style sheet and scripts, put off until the first frame is seen. A hidden tab has no frames.
  // The page would run all its modules in one go, half a second on a phone in which no click is heard. The list has them
  // in the order in which they need each other, so they come one by one, as the page itself would run them. The entry is
  // asked for first: it is as large as twenty others. Last come those that draw what is painted, which Streamlit itself
  // would ask for one after another when its elements have come.
  async function startStreamlit(names) {
    const held = [...document.querySelectorAll("link[rel=first-paint-later], script[type=first-paint-later]")]
    const entry = held.find(({ localName }) => localName === "script")
    const drawing = entry ? names.map((name) => new URL(name, entry.src).href) : []
    if (entry) preload(entry, entry.src)
    const links = []
    for (const link of held.filter(({ localName }) => localName === "link")) {
      links.push(begin(link))
      await breath() // to ask for sixty files at once is a long task on a phone
    }
    for (const address of drawing) {
      preload(entry, address, "low")
      await breath()
    }
    // The first question for languages takes 20 ms, 90 on a phone. Streamlit's scripts ask it; here nobody waits for it.
    Intl.DateTimeFormat.supportedLocalesOf("en")
    await breath()
    for (const { rel, href } of links) if (rel === "modulepreload") await run(href)
    if (entry) begin(entry)
    for (const address of drawing) await run(address)
  }

  function preload({ nonce }, href, fetchPriority = "auto") {
    const link = document.createElement("link")
    document.head.append(Object.assign(link, { rel: "modulepreload", crossOrigin: "", fetchPriority, nonce, href }))
  }

  async function run(address) {
    await import(address).catch(() => {}) // whoever needs it asks for it again, and says what is wrong
    await breath()
  }

  function begin(held) {
    const real = document.createElement(held.localName)
    for (const { name, value } of held.attributes) real.setAttribute(name, value)
    if (held.nonce) real.nonce = held.nonce
    real[held.localName === "link" ? "rel" : "type"] = held.dataset.later
    held.replaceWith(real)
    return real
  }

  // Lets everything else happen that waits; a timer would wait for 4 ms of its own.
  const breath = () => new Promise((resume) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => { port1.close(); resume() }
    port2.postMessage(undefined)
  })

  // What was clicked and is not done yet, and the link that waits for it. A reload of the page finds it again.
  class Acts {
    constructor() {
      this.waiting = [] // each the key of a widget, which part of it is the button, and whether that is a step
      this.steps = [] // done, but in this page alone: what they have set is gone after a reload
      this.link = ""
    }
    // The browser answers the first question for what is kept after asking another process: not before the first frame.
    recall() {
      if (this.kept) return
      try {
        const { at, time, waiting, link } = JSON.parse(sessionStorage.getItem(NOTED)) ?? {}
        if (at === location.href && Date.now() - time < KEPT_MS) Object.assign(this, { waiting, link })
      } catch { /* a browser that keeps nothing has kept nothing */ }
      this.kept = [...this.waiting]
      this.note()
    }
    note() {
      const noted = { at: location.href, time: Date.now(), waiting: [...this.steps, ...this.waiting], link: this.link }
      try {
        if (noted.waiting.length || this.link) sessionStorage.setItem(NOTED, JSON.stringify(noted))
        else sessionStorage.removeItem(NOTED)
      } catch { /* they are remembered by this page alone */ }
    }
    add(button) {
      this.recall()
      this.waiting.push([button.dataset.key, button.dataset.part ?? "button", "step" in button.dataset])
      this.note()
    }
    firstIsDone() {
      const act = this.waiting.shift()
      if (act[2]) this.steps.push(act)
      this.note()
    }
    forget() {
      Object.assign(this, { waiting: [], steps: [], link: "" })
      this.note()
    }
  }

  class Painted {
    constructor(host, root) {
      this.host = host
      this.root = root
      this.acts = new Acts()
      this.scrolled = 0
      this.leaving = -Infinity // since when
      addEventListener("beforeunload", this)
      root.addEventListener("click", (event) => this.clicked(event))
      root.addEventListener("change", (event) => { if (event.target.localName === "select") event.target.form?.requestSubmit() })
      root.addEventListener("submit", (event) => this.submitted(event))
    }

    // All of the paint is there. Clicks are heard before.
    complete() {
      const { root, acts } = this
      acts.recall()
      this.scroller = root.querySelector("[data-scrolls]")
      this.scroller?.addEventListener("scroll", () => { this.scrolled = performance.now() }, { passive: true })
      for (const day of root.querySelectorAll("time[data-seconds]")) {
        const then = new Date(Date.now() + 1000 * day.dataset.seconds)
        const year = day.hasAttribute("data-year") ? "numeric" : undefined
        day.textContent = then.toLocaleDateString("en-GB", { day: "numeric", month: "long", year })
      }
      for (const [key, part] of acts.kept) {
        for (const button of root.querySelectorAll(`button[data-key="${CSS.escape(key)}"]`)) {
          if ((button.dataset.part ?? "button") === part) this.show(button)
        }
      }
    }

    handleEvent() {
      this.leaving = performance.now()
    }

    clicked(event) {
      const button = event.target.closest("button[data-key]"), link = event.target.closest("a[href]")
      if (button && !button.disabled) {
        if (this.isLeft() && this.isFollowing) return // the next page has another address, and would not do it
        this.acts.add(button)
        this.show(button)
      } else if (link && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)) {
        this.isFollowing = true
        if (!this.acts.waiting.length) return
        event.preventDefault()
        this.follow(link.href)
      }
    }

    // A form of the paint asks for another page, as a link does.
    submitted(event) {
      for (const field of event.target.elements) if (!field.value) field.disabled = true
      this.isFollowing = true
      if (!this.acts.waiting.length) return
      event.preventDefault()
      this.follow(`${event.target.action.split("?")[0]}?${new URLSearchParams(new FormData(event.target))}`)
    }

    follow(address) {
      this.acts.link = address
      this.acts.note()
    }

    // Show that a click is remembered. A step button also counts in the field beside it.
    show(button) {
      button.classList.add("noted")
      const field = button.dataset.step && button.parentElement.querySelector("input")
      if (field) field.value = Math.min(Math.max(Number(field.value) + Number(button.dataset.step), field.min), field.max)
    }

    // Whether Streamlit has drawn what is painted; also true where it has long drawn something else.
    isDrawn() {
      const isReady = isConnected() && isIdle() && main() && ![...here().querySelectorAll("[data-testid=stSkeleton]")].some(hasBox)
      const isAlike = isReady && here().querySelector(this.host.dataset.drawn)
      if (!isReady) this.readySince = undefined
      else this.readySince ??= performance.now()
      return isAlike || (isReady && performance.now() - this.readySince > NEVER_MS)
    }

    async drawn() {
      while (!this.isDrawn()) {
        if (performance.now() > LATE_MS && !this.isLate) this.sayLate()
        await wait(15)
      }
    }

    sayLate() {
      this.isLate = true
      const words = document.createElement("p")
      words.className = "late"
      words.setAttribute("role", "status")
      words.textContent = this.host.dataset.late
      this.root.append(words)
    }

    // A page that is left goes on until the next one answers. What it sent then could be cut off, and no reload would know.
    isLeft() {
      return performance.now() - this.leaving < LONGEST_LEAVING_MS
    }

    // The button of a widget. The part of Streamlit's script that draws it may come late.
    async real(key, part) {
      const button = () => widget(key)?.querySelector(part)
      for (let waited = 0; !button() && waited < LONGEST_DRAWING_MS; waited += 15) await wait(15)
      return button()
    }

    // One run for each: Streamlit makes one of two clicks on a button that come before a run.
    async act() {
      while (this.acts.waiting.length) {
        if (this.isLeft()) {
          await wait(15)
          continue
        }
        const button = await this.real(...this.acts.waiting[0])
        button?.click() // which does nothing where it is disabled
        await wait(0) // Streamlit sends a click in a task of its own; a reload before that does it again
        this.acts.firstIsDone()
        if (!button || button.disabled) continue
        for (let waited = 0; isIdle() && waited < 500; waited += 5) await wait(5)
        for (let waited = 0; !isIdle() && waited < LONGEST_RUN_MS; waited += 10) await wait(10)
        await this.drawn()
      }
    }

    // Two frames, in which what is in sight has its pictures and its font.
    async looksAlike() {
      if (this.scroller) main().scrollTop = this.scroller.scrollTop
      await frame()
      const pictures = [...here().querySelectorAll("img")].filter((picture) => {
        const box = picture.getBoundingClientRect()
        return box.width && box.bottom > 0 && box.top < innerHeight
      })
      await within(1000, document.fonts.ready, ...pictures.map((picture) => picture.decode().catch(() => {})))
      await frame()
      await frame()
    }

    isAtRest() {
      return performance.now() - this.scrolled > 120 && this.root.activeElement?.localName !== "select"
    }

    async run() {
      for (let waited = 0; ; waited += 30) {
        await this.drawn()
        await this.act()
        if (this.acts.link) break
        await this.looksAlike()
        if (!this.acts.waiting.length && !this.acts.link && this.isDrawn() && (this.isAtRest() || waited > 10_000)) break
        await wait(30)
      }
      if (this.acts.link) {
        const link = this.acts.link
        this.acts.forget()
        location.href = link
      } else this.takeAway()
    }

    takeAway() {
      this.acts.forget()
      removeEventListener("beforeunload", this)
      if (this.scroller) main().scrollTop = this.scroller.scrollTop
      const focused = this.root.activeElement
      const typed = [...this.root.querySelectorAll("input[data-key]")].filter((input) => !input.readOnly && input.value !== input.defaultValue)
      const caret = focused?.localName === "input" ? [focused.selectionStart, focused.selectionEnd] : undefined
      this.host.remove()
      for (const input of typed) type(widget(input.dataset.key)?.querySelector("input"), input.value)
      const heir = focused && heirOf(focused)
      heir?.focus({ preventScroll: true })
      if (caret && heir?.localName === "input") heir.setSelectionRange(...caret)
    }
  }

  function heirOf(focused) {
    if (focused.dataset.heir) return here().querySelector(focused.dataset.heir)
    if (focused.dataset.key) return widget(focused.dataset.key)?.querySelector("input, button")
    const address = focused.getAttribute("href")
    return address === null ? undefined : here().querySelector(`a[href="${CSS.escape(address)}"]`)
  }

  // React hears of a new value only if it is set past React's own property.
  function type(field, text) {
    if (!field) return
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, text)
    field.dispatchEvent(new Event("input", { bubbles: true }))
  }

  customElements.define("first-paint", class extends HTMLElement {
    constructor() {
      super()
      const root = this.attachInternals?.().shadowRoot
      const painted = root && new Painted(this, root)
      let isStarted = false
      const start = () => {
        if (!isStarted) startStreamlit(this.dataset.scripts.split(" ").filter(Boolean))
        isStarted = true
      }
      parsed().then(() => {
        if (painted) {
          painted.complete()
          painted.run()
          new PerformanceObserver(start).observe({ type: "paint", buffered: true })
          setTimeout(start, 300)
        } else { // a browser that does not know declarative shadow roots
          this.remove()
          start()
        }
      })
    }
  })
}
