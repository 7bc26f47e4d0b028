"""The one way to a board on a cable, for whatever copies files to it or fetches them from it."""
