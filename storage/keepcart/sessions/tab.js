// Names this tab, so that a reload finds its own session again: with the handshake of Streamlit's websocket.
{
  const NOTED = "keepcart.tab", SAYS = "keepcart-tab.", RENAMES = "keepcart-tab "
  let name = ""
  const note = (isLeft) => {
    try {
      if (isLeft) sessionStorage.setItem(NOTED, name)
      else sessionStorage.removeItem(NOTED)
    } catch { /* a browser that keeps nothing has a new tab at every reload */ }
  }
  try { name = sessionStorage.getItem(NOTED) ?? "" } catch { /* as above */ }
  name ||= Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => (byte % 36).toString(36)).join("")
  // It is noted only while nobody looks: a tab that is duplicated takes a copy along of what is noted.
  note(document.visibilityState === "hidden")
  addEventListener("pagehide", () => note(true))
  addEventListener("pageshow", () => note(false))
  document.addEventListener("visibilitychange", () => note(document.visibilityState === "hidden"))
  window.WebSocket = class extends WebSocket {
    constructor(address, protocols = []) {
      const isStreamlits = new URL(address, location.href).pathname.endsWith("/_stcore/stream")
      super(address, isStreamlits ? [protocols, SAYS + name].flat() : protocols)
      if (isStreamlits) this.addEventListener("message", (event) => {
        if (typeof event.data !== "string" || !event.data.startsWith(RENAMES)) return
        event.stopImmediatePropagation()
        name = event.data.slice(RENAMES.length)
      })
    }
  }
}
