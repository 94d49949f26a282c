// Whether the store is there. This script runs without it, so it can say so when it is not.
const connection = { isSaved: true, hasUnanswered: false, runs: 0, acted: -Infinity, silence: undefined, back: undefined }

const SILENT_MS = 4_000
const AWAY_MS = 1_500
const BACK_MS = 4_000
const UNSURE_MS = 20_000
const AWAY = "The connection to the shop is lost. Your cart is safe, and this page keeps trying to connect."
const AWAY_UNSAVED = "The connection to the shop is lost. Your last changes were not saved yet; this page keeps trying to connect."
const SILENT = "The shop does not answer at the moment. Your cart is safe, and this page keeps waiting."
const BACK = "Connected again."
const UNSURE = "Connected again. Please check whether your last step counted."

// The numbers are those of Streamlit's messages (BackMsg and ForwardMsg, 1.67).
const ASKS_FOR_A_RUN = (11 << 3) | 2
const ENDS_A_RUN = 6 << 3
const ENDS = [0, 3] // of the whole page, of fragments; an early one is followed by another run
const LONGEST_END = 120

const stateOf = (what) => document.querySelector("[data-testid=stApp]")?.getAttribute(`data-test-${what}-state`)
const isConnected = () => stateOf("connection") === "CONNECTED"

// While a click is not answered, the browser asks whoever leaves the page.
const ask = (event) => event.preventDefault()

function noteUnanswered(isUnanswered) {
  connection.hasUnanswered = isUnanswered
  if (isUnanswered) window.addEventListener("beforeunload", ask)
  else window.removeEventListener("beforeunload", ask)
}

// What was sent just after a click or Enter is an act of the shopper's. It is answered once every run that the page has
// asked for has ended. A page that rests waits for none, whatever was counted.
function asked(data) {
  const bytes = ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset) : new Uint8Array(data)
  if (bytes[0] !== ASKS_FOR_A_RUN) return
  connection.runs = stateOf("script") === "notRunning" ? 1 : connection.runs + 1
  if (performance.now() - connection.acted < 500) noteUnanswered(true)
  clearTimeout(connection.silence)
  connection.silence = setTimeout(() => showTrouble(SILENT), SILENT_MS)
}

function answered(data) {
  clearTimeout(connection.silence)
  if (notice.trouble === SILENT) showTrouble("")
  const bytes = new Uint8Array(data)
  const isEnd = bytes.length < LONGEST_END && bytes.some((byte, at) => byte === ENDS_A_RUN && ENDS.includes(bytes[at + 1]))
  if (isEnd && --connection.runs <= 0) noteUnanswered(false)
}

const send = WebSocket.prototype.send
const listened = new WeakSet()
WebSocket.prototype.send = function (data) {
  if (this.url.includes("/_stcore/stream") && typeof data !== "string") {
    if (!listened.has(this)) this.addEventListener("message", ({ data: answer }) => answered(answer))
    listened.add(this)
    asked(data)
  }
  return send.call(this, data)
}

function followConnection() {
  clearTimeout(connection.back)
  if (!isConnected()) {
    clearTimeout(connection.silence)
    connection.runs = 0
    connection.back = setTimeout(() => showTrouble(connection.isSaved ? AWAY : AWAY_UNSAVED), AWAY_MS)
    forgetNotice()
  } else if (notice.trouble || connection.hasUnanswered) {
    showTrouble(connection.hasUnanswered ? UNSURE : BACK)
    connection.back = setTimeout(() => showTrouble(""), connection.hasUnanswered ? UNSURE_MS : BACK_MS)
    noteUnanswered(false)
  }
}

new MutationObserver(followConnection).observe(document, { subtree: true, attributeFilter: ["data-test-connection-state"] })
document.addEventListener("click", ({ target }) => { connection.acted = target.closest?.("a") ? -Infinity : performance.now() }, true)
document.addEventListener("keydown", ({ key }) => { if (key === "Enter") connection.acted = performance.now() }, true)
document.addEventListener("focusout", ({ target }) => { if (target.tagName === "INPUT") connection.acted = performance.now() }, true)
