"""Pages without a browser: the store's own websocket, spoken as the browser speaks it. A click takes milliseconds."""
