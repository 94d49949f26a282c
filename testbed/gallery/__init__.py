"""Small apps in the ways that people write them, one way each; each is a page of one app whose sessions are kept."""
