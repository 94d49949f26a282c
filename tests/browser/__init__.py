"""The store as shoppers meet it: Chromium in front of real servers."""
