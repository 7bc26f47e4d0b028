"""Makes the pictures of README and of the gallery, from the real firmware and the real page."""
